"""The forms of the wizard."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from territoires_en_commun.imports.csv_files import MAX_BYTES, Encoding, Separator
from territoires_en_commun.imports.kinds import Action, ImportKind


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="Fichier CSV",
        help_text="Un tableau au format CSV (ou texte séparé par des tabulations) de 5 Mo au plus, dont la première "
        "ligne nomme les colonnes. L’encodage et le séparateur sont reconnus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "invalid": "Choisissez un fichier.",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                f"Ce fichier pèse {filesizeformat(file.size)} : la limite est de 5 Mo. Partagez-le en plusieurs "
                "fichiers, ou retirez les colonnes qui ne servent pas."
            )
        return file


class FileForm(forms.Form):
    """How the file is written."""

    encoding = forms.ChoiceField(
        label="Encodage",
        choices=Encoding.choices,
        help_text="Si des accents de l’aperçu sont faux, essayez un autre encodage.",
    )
    separator = forms.ChoiceField(
        label="Séparateur",
        choices=Separator.choices,
        help_text="Si l’aperçu n’a qu’une colonne, essayez un autre séparateur.",
    )


class ColumnsForm(forms.Form):
    """Which header of the file gives each column of the kind; the fields are those of the kind."""

    def __init__(self, *args, kind: ImportKind, header: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "— pas dans ce fichier —"), *((name, name) for name in header)]
        for column in kind.columns:
            self.fields[column.name] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=column.required,
                help_text=column.help_text,
                error_messages={
                    "required": "Choisissez une colonne du fichier.",
                    "invalid_choice": "Cette colonne n’est pas dans le fichier.",
                },
            )

    def mapping(self) -> dict[str, str]:
        """Header by column, without the columns that the file lacks."""
        return {name: header for name, header in self.cleaned_data.items() if header}


REPAIRS = "reparations"
WARNINGS = "remarques"


class RowsForm(forms.Form):
    """Which rows the report shows; what is not understood shows them all."""

    lignes = forms.ChoiceField(
        required=False, choices=[*Action.choices, (REPAIRS, "Réparations"), (WARNINGS, "Remarques")]
    )
    p = forms.IntegerField(required=False, min_value=1)

    def chosen(self) -> tuple[str, int]:
        """The filter (empty for all) and the page number."""
        self.is_valid()
        return self.cleaned_data.get("lignes", ""), self.cleaned_data.get("p") or 1


class JobsForm(forms.Form):
    """Which imports the list shows; what is not understood shows them all."""

    refusees = forms.BooleanField(required=False)
    p = forms.IntegerField(required=False, min_value=1)

    def chosen(self) -> tuple[bool, int]:
        """Whether only those with refused rows, and the page number."""
        self.is_valid()
        return bool(self.cleaned_data.get("refusees")), self.cleaned_data.get("p") or 1


class LinesField(forms.Field):
    """Line numbers, one value each."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> list[int]:
        try:
            return [int(item) for item in value or []]
        except ValueError as error:
            raise ValidationError("Numéro de ligne inconnu.") from error


class RepairsForm(forms.Form):
    """Lines whose repairs are accepted, among those that the page showed; or all, or none."""

    choice = forms.ChoiceField(choices=[("shown", ""), ("all", ""), ("none", "")])
    shown = LinesField(required=False)
    accepted = LinesField(required=False)
