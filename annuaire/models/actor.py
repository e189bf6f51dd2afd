"""One actor of the directory."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from annuaire import identifiers, rules
from annuaire.fields import IdentifierField, OpeningHoursField
from annuaire.forms import ActorPageForm
from annuaire.kinds import ActorType, PointSource, SheetStatus
from annuaire.phones import PhoneField
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.models.pages import BasePageManager, BasePageQuerySet
from territoires_en_commun.base.registry import SearchTraits
from territoires_en_commun.territories.models import Territory

from .contacts import PublicContact

FRESH_FOR = dt.timedelta(days=365)
POSTAL_CODE = RegexValidator(r"^\d{5}$", "Un code postal a cinq chiffres.")


class ActorPageQuerySet(BasePageQuerySet):
    """Questions asked of the directory."""

    def covering(self, territory: Territory) -> Self:
        """Actors whose territories of action hold this one, or are it."""
        around = [territory.pk, *(container.pk for container in territory.containers)]
        links = BasePage.territories.through.objects.filter(territory_id__in=around)
        return self.filter(pk__in=links.values("basepage_id"))

    def by_identifier(self, *, siren: str = "", siret: str = "", rna: str = "") -> Self:
        """The actor of this SIRET, else the legal body of this SIREN, else the association of this RNA."""
        if siret:
            return self.filter(siret=siret)
        if siren:
            return self.filter(siren=siren, siret="")
        return self.filter(rna=rna) if rna else self.none()


class ActorPageManager(BasePageManager.from_queryset(ActorPageQuerySet)):
    """The default manager of actors."""


class ActorPage(BasePage):
    """One actor: what it does, where, and how to reach it. Its ``territories`` are those where it acts."""

    is_actor = True
    has_own_territory_block = True
    shown_relations = ("commune", "represents", "parent_actor")

    acronym = models.CharField("sigle", max_length=30, blank=True)
    type = models.CharField("type d’acteur", max_length=20, choices=ActorType.choices)
    siren = IdentifierField("SIREN", max_length=9, blank=True, validators=[identifiers.validate_siren])
    siret = IdentifierField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[identifiers.validate_siret],
        help_text="Pour un établissement ou une antenne ; vide pour l’organisme lui-même.",
    )
    rna = IdentifierField("numéro RNA", max_length=10, blank=True, validators=[identifiers.validate_rna])
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
    postal_code = models.CharField("code postal", max_length=5, blank=True, validators=[POSTAL_CODE])
    commune = models.ForeignKey(
        Territory,
        verbose_name="commune",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="located_actors",
        help_text="La commune où l’on trouve l’acteur.",
    )
    latitude = models.FloatField(
        "latitude",
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="En degrés, comme 46,17. Sans point, la carte montre le centre de la commune.",
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    website = models.URLField("site internet", blank=True)
    email = models.EmailField(
        "adresse e-mail",
        blank=True,
        help_text="Une adresse générique ; celle d’une personne se met dans les contacts.",
    )
    email_is_public = models.BooleanField("afficher l’adresse e-mail", default=True)
    phone = PhoneField("téléphone", blank=True)
    phone_is_public = models.BooleanField("afficher le téléphone", default=True)
    opening_hours = OpeningHoursField("horaires d’ouverture", default=dict, blank=True)
    opening_note = models.CharField("précision sur les horaires", max_length=255, blank=True)
    parent_actor = models.ForeignKey(
        "self",
        verbose_name="rattaché à",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="branches",
        help_text="L’organisme dont celui-ci est une antenne, un service ou un membre.",
    )
    status = models.CharField(
        "état de la fiche", max_length=20, choices=SheetStatus.choices, default=SheetStatus.UNCLAIMED, editable=False
    )
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    source = models.CharField(
        "source", max_length=255, blank=True, help_text="D’où viennent ces informations, et sous quelle licence."
    )

    objects = ActorPageManager()

    exclude_fields_in_copy = [*BasePage.exclude_fields_in_copy, "siren", "siret", "rna", "status", "verified_on"]

    base_form_class = ActorPageForm
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("type"), FieldPanel("acronym")]),
        FieldPanel("represents"),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("siren"), FieldPanel("siret"), FieldPanel("rna")]), FieldPanel("parent_actor")],
            heading="Identité",
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("address_extra"),
                FieldPanel("postal_code"),
                FieldPanel("commune"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            heading="Adresse",
        ),
        MultiFieldPanel(
            [
                FieldPanel("website"),
                FieldRowPanel([FieldPanel("email"), FieldPanel("email_is_public")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("phone_is_public")]),
            ],
            heading="Joindre l’acteur",
        ),
        MultiFieldPanel([FieldPanel("opening_hours"), FieldPanel("opening_note")], heading="Horaires"),
        InlinePanel("contacts", heading="Contacts", label="Contact", max_num=20),
    ]
    review_panels = [*BasePage.review_panels, FieldPanel("verified_on"), FieldPanel("source")]

    parent_page_types = ["annuaire.DirectoryPage"]
    subpage_types: list[str] = []
    search_fields = [
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
        constraints = [
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
            models.UniqueConstraint(
                fields=["rna"],
                condition=~models.Q(rna=""),
                name="actor_rna_unique",
                violation_error_message="Un autre acteur porte déjà ce numéro RNA.",
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
        rules.tidy(self)
        if errors := {**rules.identity_errors(self), **rules.place_errors(self)}:
            raise ValidationError(errors)

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from rules.actor_gaps(self)

    def search_traits(self):
        place = [self.commune.name] if self.commune else []
        return SearchTraits(self.acronym, (self.siren, self.siret, self.rna), terms=place)

    # What may be shown

    @property
    def public_email(self) -> str:
        """The generic address, when it may be shown."""
        return self.email if self.email_is_public else ""

    @property
    def public_phone(self) -> PhoneNumber | None:
        """The telephone number, when it may be shown."""
        return self.phone if self.phone and self.phone_is_public else None

    @property
    def public_contacts(self) -> list[PublicContact]:
        """What may be shown of the contacts; those of whom nothing may be are left out."""
        return [public for contact in self.contacts.all() if (public := contact.public)]

    @property
    def name(self) -> str:
        """« Agence nationale de la cohésion des territoires (ANCT) »."""
        return f"{self.title} ({self.acronym})" if self.acronym else self.title

    @property
    def formatted_siren(self) -> str:
        """« 200 054 781 », with no-break spaces."""
        return identifiers.grouped(self.siren)

    @property
    def formatted_siret(self) -> str:
        """« 200 054 781 00012 », with no-break spaces."""
        return identifiers.grouped(self.siret)

    @property
    def commune_code(self) -> str:
        """The INSEE code of the commune of the address, or empty."""
        return self.commune.code if self.commune else ""

    @property
    def point(self) -> tuple[float, float, PointSource] | None:
        """Latitude, longitude (degrees) and where they come from; the centre of the commune for want of better."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude, PointSource.GIVEN
        if self.commune and self.commune.latitude is not None:
            return self.commune.latitude, self.commune.longitude, PointSource.COMMUNE
        return None

    def needs_checking(self, today: dt.date) -> bool:
        """Whether nobody verified the fiche for a year, or somebody doubts it."""
        is_old = self.verified_on is None or today - self.verified_on > FRESH_FOR
        return is_old or self.status == SheetStatus.TO_CHECK

    @property
    def is_stale(self) -> bool:
        """``needs_checking`` today."""
        return self.needs_checking(timezone.localdate())

    def get_context(self, request, *args, **kwargs):
        from annuaire.sheet import ActorSheet

        sheet = ActorSheet(self)
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data
