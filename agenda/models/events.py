"""One event: what happens, where and with whom. Its sessions are rows apart (sessions.py)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from agenda.calls.forms import asks_for_calendar
from agenda.events import rules
from agenda.events.blocks import MaterialBlock
from agenda.events.forms import EventPageForm
from agenda.events.kinds import PARIS, PRESENCES, ZONES, AccessMeasure, EventKind, EventMode, Presence, RegistrationWay
from territoires_en_commun.base.fields import ChoicesField, SlimStreamField
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind
from territoires_en_commun.base.models.pages import BasePageManager, BasePageQuerySet
from territoires_en_commun.base.registry import SearchTraits
from territoires_en_commun.territories.models import Territory

TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
OFFER_HOURS = 48
MAX_OFFER_HOURS = 14 * 24
SMALL_COMMUNE = 3500  # inhabitants: as for the notice of municipal councils (CGCT, article L2121-12)


class EventPageQuerySet(BasePageQuerySet):
    """Events, whatever their sessions."""

    def with_sessions(self):
        """Each event with its sessions, in one query."""
        return self.prefetch_related("sessions")


class EventPageManager(BasePageManager.from_queryset(EventPageQuerySet)):
    """The default manager of events."""


class EventPage(BasePage):
    """An event. Dates, seats and what became of them belong to its sessions: a version of a page that is brought back
    must not bring old ones back."""

    has_own_territory_block = True
    shown_relations = ("commune", "image")
    link_kinds = (LinkKind.ORGANISER, LinkKind.RELATED, LinkKind.USES, LinkKind.ANSWERS)

    kind = models.CharField("type d’événement", max_length=20, choices=EventKind.choices, blank=True)
    mode = models.CharField("modalité", max_length=20, choices=EventMode.choices, blank=True)
    time_zone = models.CharField(
        "heure de",
        max_length=40,
        choices=list(ZONES.items()),
        default=PARIS,
        help_text="Les heures des séances sont celles de ce lieu ; l’heure de Paris est montrée à côté.",
    )
    description = RichTextField("de quoi il s’agit", blank=True, features=TEXT_FEATURES)
    venue = models.CharField("lieu", max_length=150, blank=True, help_text="Comme « Salle des fêtes ».")
    address = models.CharField("adresse", max_length=255, blank=True)
    commune = models.ForeignKey(
        Territory,
        verbose_name="commune",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        help_text="La commune où l’événement a lieu.",
    )
    latitude = models.FloatField(
        "latitude",
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="En degrés, comme 46,17. Sans point, le centre de la commune est retenu.",
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    video_url = models.URLField(
        "lien de la visioconférence",
        max_length=500,
        blank=True,
        help_text="Privé : seules les personnes dont l’inscription est confirmée le reçoivent.",
    )
    video_note = models.CharField(
        "pour se connecter",
        max_length=255,
        blank=True,
        help_text="Code d’accès, logiciel : montré avec le lien, aux mêmes personnes.",
    )
    organisers_text = models.CharField(
        "organisateurs hors annuaire",
        max_length=255,
        blank=True,
        help_text="Ceux qui ont une fiche dans l’annuaire se mettent dans l’onglet Liens.",
    )
    contact_email = models.EmailField(
        "adresse de l’organisation", blank=True, help_text="Publiée ; les réponses aux courriels y arrivent."
    )
    access_measures = ChoicesField("prévu pour l’accessibilité", several=AccessMeasure.choices)
    access_text = models.TextField(
        "précisions sur l’accessibilité",
        blank=True,
        help_text="Du lieu comme du contenu : ce qui est prévu, ce qui peut l’être sur demande, à qui le demander.",
    )
    access_unknown = models.BooleanField(
        "non renseigné", default=False, help_text="À cocher si vous ne le savez pas encore : la page le dira."
    )

    materials = SlimStreamField(MaterialBlock(), verbose_name="documents et replay", blank=True)

    registration_way = models.CharField(
        "inscription", max_length=20, choices=RegistrationWay.choices, default=RegistrationWay.INTERNAL
    )
    registration_url = models.URLField(
        "page d’inscription", max_length=500, blank=True, help_text="Quand elle est sur un autre site."
    )
    needs_approval = models.BooleanField("chaque inscription est validée par l’organisateur", default=False)
    approval_holds_seat = models.BooleanField(
        "une inscription à valider retient une place",
        default=True,
        help_text="Sans cela, la place est donnée à la validation, s’il en reste.",
    )
    has_waiting_list = models.BooleanField("liste d’attente", default=True)
    offer_hours = models.PositiveSmallIntegerField(
        "délai pour accepter une place libérée (heures)",
        default=OFFER_HOURS,
        validators=[
            MinValueValidator(1, "Le délai est d’au moins une heure."),
            MaxValueValidator(MAX_OFFER_HOURS, "Le délai est de quatorze jours (336 heures) au plus."),
        ],
        help_text="Sans réponse dans ce délai, ou au début de la séance, la place passe à la personne suivante.",
    )
    small_quota = models.PositiveIntegerField(
        "places réservées aux petites communes",
        null=True,
        blank=True,
        help_text="Par séance et par modalité, jusqu’à sept jours avant : elles sont ensuite ouvertes à tous.",
    )
    small_population = models.PositiveIntegerField(
        "une petite commune a moins de (habitants)",
        default=SMALL_COMMUNE,
        validators=[MinValueValidator(1, "Indiquez un nombre d’habitants.")],
    )
    lists_participants = models.BooleanField(
        "montrer la liste des participants",
        default=False,
        help_text="Aux inscrits seulement, et seulement les personnes qui l’acceptent.",
    )
    retention_days = models.PositiveSmallIntegerField(
        "conservation des inscriptions (jours après la séance)",
        default=365,
        validators=[
            MinValueValidator(1, "La durée est d’au moins un jour."),
            MaxValueValidator(365, "La durée est d’un an (365 jours) au plus."),
        ],
    )

    objects = EventPageManager()

    base_form_class = EventPageForm
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("mode")]),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldPanel("venue"),
                FieldPanel("address"),
                FieldPanel("commune"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("time_zone"),
            ],
            heading="Lieu et heure",
        ),
        MultiFieldPanel([FieldPanel("video_url"), FieldPanel("video_note")], heading="Visioconférence"),
        FieldPanel("materials"),
        MultiFieldPanel([FieldPanel("organisers_text"), FieldPanel("contact_email")], heading="Organisation"),
        MultiFieldPanel(
            [FieldPanel("access_measures"), FieldPanel("access_text"), FieldPanel("access_unknown")],
            heading="Accessibilité du lieu et du contenu",
        ),
        MultiFieldPanel(
            [
                FieldPanel("registration_way"),
                FieldPanel("registration_url"),
                FieldPanel("needs_approval"),
                FieldPanel("approval_holds_seat"),
                FieldPanel("has_waiting_list"),
                FieldPanel("offer_hours"),
                FieldRowPanel([FieldPanel("small_quota"), FieldPanel("small_population")]),
                FieldPanel("lists_participants"),
                FieldPanel("retention_days"),
            ],
            heading="Inscription",
        ),
    ]
    classification_panels = [*BasePage.classification_panels, FieldPanel("audiences")]

    parent_page_types = ["agenda.EventIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("description"),
        index.SearchField("venue"),
        index.SearchField("organisers_text"),
        index.FilterField("kind"),
        index.FilterField("mode"),
    ]

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="event_point_whole",
                violation_error_message=rules.HALF_A_POINT,
            ),
        ]

    def clean(self):
        super().clean()
        if errors := rules.event_errors(self):
            raise ValidationError(errors)

    def search_traits(self):
        last = self.sessions.order_by("ends_at").values_list("ends_at", flat=True).last()
        return SearchTraits(past_after=timezone.localdate(last) if last else None)

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from rules.event_gaps(self)

    @property
    def presences(self) -> tuple[Presence, ...]:
        """The ways to take part; none while the mode of a draft is not chosen."""
        return PRESENCES.get(self.mode, ())

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees; the centre of the commune for want of better."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        if self.commune and self.commune.latitude is not None:
            return self.commune.latitude, self.commune.longitude
        return None

    def serve(self, request: HttpRequest, *args, **kwargs):
        """The page, or its sessions as a calendar file (``?export=ics``)."""
        from agenda.events.calendars import event_calendar

        if asks_for_calendar(request.GET):
            return event_calendar(self)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        from agenda.events.sheet import EventSheet

        sheet = EventSheet(self, timezone.now())
        structured_data = json_ld(sheet.structured_data) if sheet.to_come else ""
        data = {"sheet": sheet, "structured_data": structured_data}
        return super().get_context(request, *args, **kwargs) | data
