"""What an import of actors says once for all its rows."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from annuaire.kinds import ActorType
from territoires_en_commun.base.forms import TermMultipleChoiceField, ThemeMultipleChoiceField
from territoires_en_commun.base.models import Licence, Partner, Programme, Theme
from territoires_en_commun.base.publication import MAX_THEMES, TOO_MANY_THEMES
from territoires_en_commun.imports.kinds import SettingsForm
from territoires_en_commun.territories.models import TerritoryType

SCALES = (
    ("", "Nulle part : à compléter fiche par fiche"),
    (TerritoryType.COMMUNE, "Dans leur commune"),
    (TerritoryType.EPCI, "Dans l’intercommunalité de leur commune"),
    (TerritoryType.DEPARTEMENT, "Dans le département de leur commune"),
    (TerritoryType.REGION, "Dans la région de leur commune"),
    (TerritoryType.PAYS, "Partout en France"),
)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ActorSettingsForm(SettingsForm):
    """Constants, and how to treat what is already in the directory."""

    dataset = forms.SlugField(
        label="Nom court de la source",
        max_length=60,
        help_text="En lettres sans accent, chiffres et tirets, comme france-services. Gardez le même d’une fois à "
        "l’autre : avec l’identifiant de chaque ligne, il reconnaît les fiches déjà importées.",
        error_messages={"invalid": "N’utilisez que des lettres sans accent, des chiffres et des tirets."},
    )
    source = forms.CharField(
        label="Source et licence",
        max_length=255,
        required=False,
        help_text="Comme « ANCT, avril 2021, Licence Ouverte 2.0 ». Elle est montrée sur la fiche.",
    )
    name_prefix = forms.CharField(
        label="Texte à mettre devant le nom",
        max_length=50,
        required=False,
        help_text="Comme « France services », quand le fichier ne donne que le nom du lieu.",
    )
    type = forms.ChoiceField(
        label="Type d’acteur",
        required=False,
        choices=[("", "Celui que dit le fichier"), *((value, capfirst(label)) for value, label in ActorType.choices)],
        help_text="Pour les lignes qui n’en disent pas.",
    )
    summary = forms.CharField(
        label="Résumé",
        max_length=250,
        required=False,
        help_text="Pour les lignes qui n’en ont pas ; {nom} et {commune} y seront remplacés.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    acts_in = forms.ChoiceField(
        label="Où agissent ces acteurs", required=False, choices=SCALES, help_text="Quand le fichier ne le dit pas."
    )
    themes = ThemeMultipleChoiceField(
        queryset=Theme.objects.all(), label="Thématiques", required=False, help_text="Cinq au plus."
    )
    programmes = TermMultipleChoiceField(queryset=Programme.objects.all(), label="Programmes", required=False)
    partner = forms.ModelChoiceField(Partner.objects.active(), label="Partenaire", required=False)
    licence = forms.ChoiceField(label="Licence", choices=Licence.choices)
    verified_on = forms.DateField(
        label="Informations vérifiées le",
        required=False,
        widget=DATE,
        help_text="La date du fichier, pour les lignes qui n’en donnent pas.",
    )
    review_date = forms.DateField(label="Date de revue des fiches", required=False, widget=DATE)
    review_owner = forms.ModelChoiceField(
        get_user_model().objects.filter(is_active=True).order_by("last_name", "first_name"),
        label="Responsable de la revue",
        required=False,
    )
    contacts_consented_on = forms.DateField(
        label="Les personnes ont accepté d’être affichées le",
        required=False,
        widget=DATE,
        help_text="Laissez vide pour n’afficher aucun contact nommé. Les personnes affichées reçoivent un message "
        "qui leur permet de s’y opposer.",
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

    def clean_summary(self):
        text = self.cleaned_data["summary"]
        try:
            text.format(nom="", commune="")
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise ValidationError("Entre accolades, seuls {nom} et {commune} sont compris.") from error
        return text

    def clean(self):
        data = super().clean()
        today = timezone.localdate()
        for name in ("verified_on", "contacts_consented_on"):
            if data.get(name) and data[name] > today:
                self.add_error(name, "Cette date n’est pas encore passée.")
        if data.get("review_date") and data["review_date"] <= today:
            self.add_error("review_date", "Cette date est passée : indiquez une date à venir.")
        return data
