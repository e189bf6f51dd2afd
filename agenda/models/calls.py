"""One call for projects."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from agenda.calls import rules
from agenda.calls.amounts import MAX_RATE
from agenda.calls.deadlines import CLOSING_SOON, MONTHS_TO_NAME_WINNERS, closing_moment, day_in_france, status_on
from agenda.calls.forms import CallPageForm, asks_for_calendar
from agenda.calls.kinds import CallNature, CallStatus, EligibleCost, ProjectStage, Recurrence
from agenda.fields import AmountField
from annuaire.kinds import ActorType
from territoires_en_commun.base.fields import ChoicesField
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind, PageLink
from territoires_en_commun.base.models.accessibility import add_months
from territoires_en_commun.base.models.pages import BasePageManager, BasePageQuerySet
from territoires_en_commun.base.registry import SearchTraits

from .winners import CallWinner

TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
EUROS = "En euros, comme 10 000 € ou 1,5 M€."
AT_MOST_100 = MaxValueValidator(MAX_RATE, rules.RATE_OUT_OF_BOUNDS)


class CallPageQuerySet(BasePageQuerySet):
    """Where calls stand at a given time."""

    def open(self, now: dt.datetime) -> Self:
        """Calls that take applications."""
        today = day_in_france(now)
        has_opened = Q(opens_on=None) | Q(opens_on__lte=today)
        return self.filter(has_opened & (Q(closes_on=None) | Q(closes_on__gte=today)))

    def closing_soon(self, now: dt.datetime) -> Self:
        """Open calls that close within three weeks, the soonest first."""
        return self.open(now).filter(closes_on__lte=day_in_france(now) + CLOSING_SOON).order_by("closes_on", "pk")

    def closed(self, now: dt.datetime) -> Self:
        """Calls that take no application any more: those whose winners are told."""
        return self.filter(closes_on__lt=day_in_france(now))

    def awaiting_winners(self, now: dt.datetime) -> Self:
        """Published calls that are over for six months, and tell neither winners nor why there is none."""
        limit = add_months(day_in_france(now), -MONTHS_TO_NAME_WINNERS)
        winners = CallWinner.objects.filter(call=models.OuterRef("pk"))
        return self.live().filter(~models.Exists(winners), closes_on__lte=limit, results_note="")

    def with_winner_flag(self) -> Self:
        """Each call with ``has_winners``, without reading them."""
        return self.annotate(has_winners=models.Exists(CallWinner.objects.filter(call=models.OuterRef("pk"))))

    def with_funders(self) -> Self:
        """Each call with the actors who pay, in one query, those that visitors can read only."""
        public = BasePage.objects.live_public().only("title")
        links = PageLink.objects.filter(kind=LinkKind.FUNDER, target__in=public).select_related("target")
        return self.prefetch_related(models.Prefetch("links", links, to_attr="funder_links"))


class CallPageManager(BasePageManager.from_queryset(CallPageQuerySet)):
    """The default manager of calls."""


class CallPage(BasePage):
    """A call for projects. Its ``territories`` are those where the projects must be."""

    has_own_territory_block = True
    link_kinds = (LinkKind.FUNDER, LinkKind.OPERATOR, LinkKind.RELATED)

    nature = models.CharField("nature", max_length=20, choices=CallNature.choices)
    recurrence = models.CharField("fréquence", max_length=20, choices=Recurrence.choices, default=Recurrence.ONCE)
    opens_on = models.DateField("ouverture", null=True, blank=True, help_text="Vide : l’appel est déjà ouvert.")
    prefiling_on = models.DateField(
        "pré-dépôt", null=True, blank=True, help_text="Dernier jour pour une note d’intention, s’il en faut une."
    )
    closes_on = models.DateField(
        "clôture",
        null=True,
        blank=True,
        help_text="Le jour entier, jusqu’à 23 h 59, heure de Paris. Si l’appel ferme plus tôt dans la journée, "
        "indiquez la veille et dites l’heure dans les conditions.",
    )
    amount_min = AmountField("montant minimal de l’aide", null=True, blank=True, help_text=EUROS)
    amount_max = AmountField("montant maximal de l’aide", null=True, blank=True, help_text=EUROS)
    rate_min = models.PositiveSmallIntegerField("taux minimal", null=True, blank=True, validators=[AT_MOST_100])
    rate_max = models.PositiveSmallIntegerField(
        "taux maximal", null=True, blank=True, validators=[AT_MOST_100], help_text="En % du coût du projet."
    )
    beneficiaries = ChoicesField("qui peut candidater", several=ActorType.choices)
    eligible_costs = ChoicesField("dépenses prises en charge", several=EligibleCost.choices)
    project_stages = ChoicesField("avancement du projet", several=ProjectStage.choices)
    description = RichTextField("de quoi il s’agit", blank=True, features=TEXT_FEATURES)
    eligibility = RichTextField("conditions d’éligibilité", blank=True, features=TEXT_FEATURES)
    funders_text = models.CharField(
        "financeurs hors annuaire",
        max_length=255,
        blank=True,
        help_text="Ceux qui ont une fiche dans l’annuaire se mettent dans l’onglet Liens.",
    )
    application_url = models.URLField("où candidater", max_length=500, blank=True)
    source_url = models.URLField("annonce officielle", max_length=500, blank=True)
    results_note = models.CharField(
        "résultats",
        max_length=255,
        blank=True,
        help_text="Quand aucun lauréat n’est nommé, dites pourquoi : « Aucun projet n’a été retenu. » "
        "Publié une fois l’appel clos.",
    )
    contact_text = models.TextField(
        "qui contacter",
        blank=True,
        help_text="Un service, son adresse générique, son téléphone ; jamais le nom d’une personne.",
    )

    objects = CallPageManager()

    # A call copied for another year has other dates, and no winner yet.
    exclude_fields_in_copy = [
        *BasePage.exclude_fields_in_copy,
        "opens_on",
        "prefiling_on",
        "closes_on",
        "winners",
        "results_note",
    ]

    base_form_class = CallPageForm
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("nature"), FieldPanel("recurrence")]),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("opens_on"), FieldPanel("prefiling_on"), FieldPanel("closes_on")])],
            heading="Dates",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("amount_min"), FieldPanel("amount_max")]),
                FieldRowPanel([FieldPanel("rate_min"), FieldPanel("rate_max")]),
                FieldPanel("eligible_costs"),
            ],
            heading="Aide",
        ),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldPanel("beneficiaries"), FieldPanel("project_stages"), FieldPanel("eligibility")],
            heading="Qui peut candidater",
        ),
        FieldPanel("funders_text"),
        MultiFieldPanel(
            [FieldPanel("application_url"), FieldPanel("source_url"), FieldPanel("contact_text")],
            heading="Candidater",
        ),
        InlinePanel("winners", heading="Lauréats", label="Lauréat", max_num=500),
        FieldPanel("results_note"),
    ]

    parent_page_types = ["agenda.CallIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("description"),
        index.SearchField("eligibility"),
        index.SearchField("funders_text"),
        index.FilterField("nature"),
        index.FilterField("closes_on"),
    ]

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        constraints = [
            models.CheckConstraint(
                condition=~Q(nature=CallNature.PERMANENT) | Q(closes_on=None),
                name="call_permanent_never_closes",
                violation_error_message=rules.CLOSING_OF_PERMANENT,
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=models.F("opens_on")),
                name="call_closes_after_opening",
                violation_error_message=rules.CLOSES_BEFORE_OPENING,
            ),
            models.CheckConstraint(
                condition=Q(prefiling_on=None)
                | (Q(opens_on=None) | Q(prefiling_on__gte=models.F("opens_on")))
                & (Q(closes_on=None) | Q(prefiling_on__lte=models.F("closes_on"))),
                name="call_prefiling_inside",
                violation_error_message=rules.PREFILING_OUTSIDE,
            ),
            models.CheckConstraint(
                condition=Q(amount_min=None) | Q(amount_max=None) | Q(amount_min__lte=models.F("amount_max")),
                name="call_amounts_in_order",
                violation_error_message=rules.AMOUNTS_REVERSED,
            ),
            models.CheckConstraint(
                condition=Q(rate_min=None) | Q(rate_max=None) | Q(rate_min__lte=models.F("rate_max")),
                name="call_rates_in_order",
                violation_error_message=rules.RATES_REVERSED,
            ),
            models.CheckConstraint(
                condition=(Q(rate_min=None) | Q(rate_min__lte=MAX_RATE))
                & (Q(rate_max=None) | Q(rate_max__lte=MAX_RATE)),
                name="call_rates_within_bounds",
                violation_error_message=rules.RATE_OUT_OF_BOUNDS,
            ),
        ]

    def clean(self):
        super().clean()
        if errors := rules.call_errors(self):
            raise ValidationError(errors)

    def search_traits(self):
        return SearchTraits(dated_on=self.opens_on, past_after=self.closes_on)

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from rules.call_gaps(self)

    @transaction.atomic
    def save(self, *args, **kwargs):
        """As any page; what candidates must know of, when it changed since the last published version, is noted.

        Every way to publish ends here.
        """
        from agenda.calls.services import note_publication

        known = CallPage.objects.select_for_update(of=("self",)).filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if self.live and known and self.live_revision_id not in (None, known.live_revision_id):
            note_publication(self)

    def labels(self, name: str) -> list[str]:
        """The choices of a field that has several, in words."""
        return self._meta.get_field(name).labels_of(getattr(self, name))

    @property
    def funder_names(self) -> list[str]:
        """Who pays, of a call read ``with_funders``."""
        return [*(link.target.title for link in self.funder_links), *filter(None, [self.funders_text])]

    @cached_property
    def has_winners(self) -> bool:
        """Whether winners are named; ``with_winner_flag`` reads it for many calls at once."""
        return bool(self.winners.all())

    @property
    def closes_at(self) -> dt.datetime | None:
        """The last second when one may apply, None without closing."""
        return closing_moment(self.closes_on) if self.closes_on else None

    def status(self, now: dt.datetime) -> CallStatus:
        """Where the call stands at this time."""
        return status_on(
            day_in_france(now), opens_on=self.opens_on, closes_on=self.closes_on, has_winners=self.has_winners
        )

    def serve(self, request: HttpRequest, *args, **kwargs):
        """The page, or its closing as a calendar file (``?export=ics``)."""
        from agenda.calls.calendars import call_calendar

        if self.closes_on and asks_for_calendar(request.GET):
            return call_calendar(self)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        from agenda.calls.sheet import CallSheet

        sheet = CallSheet(self, timezone.now())
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data
