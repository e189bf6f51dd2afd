"""What an import of pages says once for all its rows."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from territoires_en_commun.base.forms import TermMultipleChoiceField, ThemeMultipleChoiceField
from territoires_en_commun.base.models import Licence, Partner, Programme, Theme
from territoires_en_commun.base.publication import MAX_THEMES, TOO_MANY_THEMES
from territoires_en_commun.imports.kinds import SettingsForm

FOR_ROWS_WITHOUT = "Pour les lignes qui n’en disent rien."
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PageSettingsForm(SettingsForm):
    """Constants of governance, and how to treat what is already there; rooms add theirs and say the order."""

    dataset = forms.SlugField(
        label="Nom court de la source",
        max_length=60,
        help_text="En lettres sans accent, chiffres et tirets, comme france-services. Gardez le même d’une fois à "
        "l’autre : avec l’identifiant de chaque ligne, il reconnaît les fiches déjà importées.",
        error_messages={"invalid": "N’utilisez que des lettres sans accent, des chiffres et des tirets."},
    )
    themes = ThemeMultipleChoiceField(
        queryset=Theme.objects.all(), label="Thématiques", required=False, help_text="Cinq au plus."
    )
    programmes = TermMultipleChoiceField(queryset=Programme.objects.all(), label="Programmes", required=False)
    partner = forms.ModelChoiceField(Partner.objects.active(), label="Partenaire", required=False)
    licence = forms.ChoiceField(label="Licence", choices=Licence.choices)
    review_date = forms.DateField(label="Date de revue des fiches", required=False, widget=DATE)
    review_owner = forms.ModelChoiceField(
        get_user_model().objects.filter(is_active=True).order_by("last_name", "first_name"),
        label="Responsable de la revue",
        required=False,
    )
    keep_edits = forms.BooleanField(
        label="Garder ce qui a été corrigé à la main",
        required=False,
        help_text="Sinon, le fichier remplace tout ce qu’il donne.",
    )
    publish = forms.BooleanField(
        label="Publier les fiches complètes",
        required=False,
        help_text="Sinon, tout est enregistré en brouillon. Une fiche incomplète reste toujours un brouillon.",
    )

    def clean_themes(self):
        themes = self.cleaned_data["themes"]
        if len(themes) > MAX_THEMES:
            raise ValidationError(TOO_MANY_THEMES)
        return themes

    def clean_review_date(self):
        review_date = self.cleaned_data["review_date"]
        if review_date and review_date <= timezone.localdate():
            raise ValidationError("Cette date est passée : indiquez une date à venir.")
        return review_date
