"""What an import of actors says once for all its rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from annuaire.kinds import ActorType
from territoires_en_commun.base.page_imports.settings import DATE, PageSettingsForm
from territoires_en_commun.territories.models import TerritoryType

SCALES = (
    ("", "Nulle part : à compléter fiche par fiche"),
    (TerritoryType.COMMUNE, "Dans leur commune"),
    (TerritoryType.EPCI, "Dans l’intercommunalité de leur commune"),
    (TerritoryType.DEPARTEMENT, "Dans le département de leur commune"),
    (TerritoryType.REGION, "Dans la région de leur commune"),
    (TerritoryType.PAYS, "Partout en France"),
)


class ActorSettingsForm(PageSettingsForm):
    """Constants, and how to treat what is already in the directory.

    An agreement is that of the persons of one file: it is never proposed for another.
    """

    of_one_file = frozenset({"contacts_consented_on"})

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
    verified_on = forms.DateField(
        label="Informations vérifiées le",
        required=False,
        widget=DATE,
        help_text="La date du fichier, pour les lignes qui n’en donnent pas.",
    )
    contacts_consented_on = forms.DateField(
        label="Les personnes ont accepté d’être affichées le",
        required=False,
        widget=DATE,
        help_text="Laissez vide pour n’afficher aucun contact nommé. Les personnes affichées reçoivent un message "
        "qui leur permet de s’y opposer.",
    )

    field_order = (
        "dataset",
        "source",
        "name_prefix",
        "type",
        "summary",
        "acts_in",
        "themes",
        "programmes",
        "partner",
        "licence",
        "verified_on",
        "review_date",
        "review_owner",
        "contacts_consented_on",
        "keep_edits",
        "publish",
    )

    def clean_summary(self):
        text = self.cleaned_data["summary"]
        try:
            text.format(nom="", commune="")
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise ValidationError("Entre accolades, seuls {nom} et {commune} sont compris.") from error
        return text

    def clean(self):
        data = super().clean()
        for name in ("verified_on", "contacts_consented_on"):
            if data.get(name) and data[name] > timezone.localdate():
                self.add_error(name, "Cette date n’est pas encore passée.")
        return data
