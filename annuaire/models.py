"""The directory: one page per actor, under the page that lists them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.territories.models import Territory

from . import identifiers


class ActorType(models.TextChoices):
    """What an actor is."""

    COMMUNE = "commune", "commune"
    EPCI = "epci", "intercommunalité"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    STATE = "etat", "État ou service déconcentré"
    OPERATOR = "operateur", "opérateur public"
    SYNDICATE = "syndicat", "syndicat, PETR ou pays"
    ASSOCIATION = "association", "association"
    SOCIAL_ECONOMY = "ess", "entreprise de l’économie sociale et solidaire"
    COMPANY = "entreprise", "entreprise"
    RESEARCH = "recherche", "université ou recherche"
    NETWORK = "reseau", "réseau ou fédération"
    COLLECTIVE = "collectif", "collectif citoyen"
    OTHER = "autre", "autre"


LOCAL_AUTHORITIES = (ActorType.COMMUNE, ActorType.EPCI, ActorType.DEPARTEMENT, ActorType.REGION)


class SheetStatus(models.TextChoices):
    """How far the fiche of an actor can be trusted; moved by services only."""

    UNCLAIMED = "non-revendiquee", "non revendiquée"
    CLAIMED = "revendiquee", "revendiquée"
    TO_CHECK = "a-verifier", "à vérifier"


class PointSource(models.TextChoices):
    """Where the point of an actor comes from, hence how far it can be trusted."""

    GIVEN = "donne", "adresse"
    COMMUNE = "commune", "centre de la commune"


class DirectoryPage(BasePage):
    """The directory: the list of actors, by territory, type, theme and programme."""

    is_content = False

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["annuaire.ActorPage"]
    max_count = 1

    class Meta:
        verbose_name = "annuaire"
        verbose_name_plural = "annuaires"


class ActorPage(BasePage):
    """One actor: what it does, where, and how to reach it. Its ``territories`` are those where it acts."""

    acronym = models.CharField("sigle", max_length=30, blank=True)
    type = models.CharField("type d’acteur", max_length=20, choices=ActorType.choices, default=ActorType.OTHER)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[identifiers.validate_siren])
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[identifiers.validate_siret])
    rna = models.CharField("numéro RNA", max_length=10, blank=True, validators=[identifiers.validate_rna])
    represents = models.ForeignKey(
        Territory,
        verbose_name="collectivité de",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="represented_by",
        help_text="Pour une collectivité : le territoire dont elle est le conseil.",
    )
    description = RichTextField(
        "ce que fait l’acteur", blank=True, features=["h3", "bold", "italic", "ol", "ul", "link"]
    )
    address = models.CharField("adresse", max_length=255, blank=True)
    address_extra = models.CharField("complément d’adresse", max_length=255, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(
        Territory,
        verbose_name="commune",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="located_actors",
    )
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    point_source = models.CharField(
        "origine du point", max_length=10, choices=PointSource.choices, blank=True, editable=False
    )
    website = models.URLField("site internet", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    email_is_public = models.BooleanField("afficher l’adresse e-mail", default=True)
    phone = PhoneNumberField("téléphone", blank=True)
    phone_is_public = models.BooleanField("afficher le téléphone", default=True)
    opening_hours = models.JSONField("horaires d’ouverture", default=dict, blank=True)
    opening_note = models.CharField("précision sur les horaires", max_length=255, blank=True)
    parent_actor = models.ForeignKey(
        "self",
        verbose_name="rattaché à",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="branches",
    )
    status = models.CharField(
        "état de la fiche", max_length=20, choices=SheetStatus.choices, default=SheetStatus.UNCLAIMED, editable=False
    )
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    source = models.CharField("source", max_length=255, blank=True)

    exclude_fields_in_copy: ClassVar[list[str]] = [*BasePage.exclude_fields_in_copy, "siren", "siret", "rna"]

    parent_page_types: ClassVar[list[str]] = ["annuaire.DirectoryPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list] = [
        *BasePage.search_fields,
        index.SearchField("acronym", boost=3),
        index.SearchField("siren"),
        index.SearchField("siret"),
        index.SearchField("description"),
        index.FilterField("type"),
    ]

    class Meta:
        verbose_name = "acteur"
        verbose_name_plural = "acteurs"
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~models.Q(siret=""),
                name="actor_siret_unique",
                violation_error_message="Un autre acteur porte déjà ce SIRET.",
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~models.Q(siren="") & models.Q(siret=""),
                name="actor_siren_unique",
                violation_error_message="Un autre acteur porte déjà ce SIREN.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="actor_point_whole",
                violation_error_message="Un point a une latitude et une longitude.",
            ),
        ]

    def clean(self):
        super().clean()
        if self.siret and self.siren and not self.siret.startswith(self.siren):
            raise ValidationError({"siret": "Ce SIRET ne commence pas par le SIREN de l’acteur."})


class ActorContact(Orderable):
    """Somebody to reach at an actor; each piece of information is shown only when its box says so."""

    actor = ParentalKey(ActorPage, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField("nom", max_length=150)
    role = models.CharField("fonction", max_length=150, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = PhoneNumberField("téléphone", blank=True)
    name_is_public = models.BooleanField("afficher le nom", default=False)
    email_is_public = models.BooleanField("afficher l’adresse e-mail", default=False)
    phone_is_public = models.BooleanField("afficher le téléphone", default=False)
    consented_on = models.DateField("accord donné le", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "contact"
        verbose_name_plural = "contacts"

    def __str__(self) -> str:
        return self.name
