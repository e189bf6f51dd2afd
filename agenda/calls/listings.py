"""The listing of calls: the soonest to close first, for a place, a kind of beneficiary, a funder."""

from collections.abc import Hashable
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from agenda.calls import amounts
from agenda.calls.calendars import calendar_file, with_sequence
from agenda.calls.deadlines import countdown, day_in_france
from agenda.calls.kinds import CallNature, CallStatus
from agenda.calls.listing_filters import CLOSING, STATUS, FunderFacet, PublishedFilter
from agenda.models import CallPage
from annuaire.kinds import ActorType
from territoires_en_commun.base.listing import (
    NEAREST,
    RECENT,
    RELEVANCE,
    ChoiceFacet,
    ChoicesFacet,
    Column,
    Listing,
    ProgrammeFacet,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
)
from territoires_en_commun.base.site_info import Link

FEW = 3  # results under which a larger territory is suggested
# A call has eighty columns, of which a list shows these.
SHOWN_FIELDS = (
    "title",
    "slug",
    "url_path",
    "path",
    "depth",
    "locale",
    "content_type",
    "live",
    "summary",
    "nature",
    "opens_on",
    "closes_on",
    "amount_min",
    "amount_max",
    "first_published_at",
)
TERRITORY = TerritoryFilter()
NATURES = [(value, capfirst(label)) for value, label in CallNature.choices]
BENEFICIARIES = [(value, capfirst(label)) for value, label in ActorType.choices]
BADGES = {CallStatus.UPCOMING: "info", CallStatus.OPEN: "success", CallStatus.CLOSING: "warning"}


class CallRow(NamedTuple):
    """A call as lists show it."""

    page: CallPage
    url: str
    nature: str
    status: str
    status_kind: str
    countdown: str
    amount: str
    tags: list[str]


class CallListing(Listing):
    """The calls for projects."""

    nouns = ("appel à projets", "appels à projets")
    no_result = "Aucun appel à projets"
    search_label = "Rechercher un appel à projets"
    results_title = "Appels à projets"
    item_template = "agenda/call_item.html"
    note_template = "agenda/call_notes.html"
    exports = {**Listing.exports, "ics": "export_ics"}
    filters = (
        TextFilter(),
        TERRITORY,
        PublishedFilter(),
        ChoicesFacet("structure", "Qui peut candidater", "beneficiaries", BENEFICIARIES),
        ChoiceFacet("type", "Nature", "nature", NATURES),
        STATUS,
        ThemeFacet(),
        ProgrammeFacet(),
        FunderFacet(),
    )
    sorts = (CLOSING, RELEVANCE, NEAREST, RECENT)

    def pages(self) -> QuerySet:
        return CallPage.objects.with_winner_flag()

    def state(self) -> Hashable:
        """A call opens, nears its closing and closes from one day to the next."""
        return day_in_france(timezone.now())

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.only(*SHOWN_FIELDS)

    def row(self, page: CallPage) -> CallRow:
        now = timezone.now()
        status = page.status(now)
        return CallRow(
            page=page,
            url=page.get_url(),
            nature=capfirst(page.get_nature_display()),
            status=capfirst(status.label),
            status_kind=BADGES.get(status, ""),
            countdown=capfirst(countdown(day_in_france(now), opens_on=page.opens_on, closes_on=page.closes_on)),
            amount=capfirst(amounts.amounts(page.amount_min, page.amount_max)),
            tags=self.theme_labels(page),
        )

    # What is not shown

    @cached_property
    def hidden(self) -> Link | None:
        """The closed calls that the list leaves aside, None when there is none or when the visitor chose."""
        if STATUS.name in self.values:
            return None
        count = len(self.selected_but(STATUS) & STATUS.pages_that_are(CallStatus.CLOSED, self.part(STATUS)))
        if not count:
            return None
        asked = {**self.parameters, STATUS.name: [CallStatus.CLOSED.value]}
        ordered = {name: asked[name] for name in (*(f.name for f in self.filters), "tri") if name in asked}
        label = f"{self.plural(count)} {'clos ne sont pas affichés' if count > 1 else 'clos n’est pas affiché'}."
        return Link(label, self.url(ordered))

    @property
    def larger(self) -> list[Link]:
        """Larger territories that bring more, when there are few results; none at all has its own ways out."""
        return self.wider_links if 0 < self.count < FEW else []

    @property
    def empty_text(self) -> str:
        if self.hidden and not self.parameters:
            return "Aucun appel n’est ouvert ni à venir en ce moment."
        return super().empty_text

    # What other pages show

    def open_ones(self, among: frozenset[int] | None = None) -> list[int]:
        """Primary keys of the open calls, the soonest to close first."""
        found = STATUS.pages_that_are(CallStatus.OPEN, self.part(STATUS))
        found = found if among is None else found & among
        return [pk for pk in self.snapshot.orders[CLOSING.name] if pk in found]

    # Files

    @property
    def calendar_url(self) -> str:
        """The closings of the results."""
        return self.url_as("ics")

    def columns(self) -> list[Column]:
        """What the pages say, in the order of the pages."""
        now = timezone.now()
        own = [
            Column("Nature", lambda page: page.get_nature_display()),
            Column("Statut", lambda page: page.status(now).label),
            Column("Ouverture", lambda page: page.opens_on),
            Column("Pré-dépôt", lambda page: page.prefiling_on),
            Column("Clôture", lambda page: page.closes_on),
            Column("Montant minimal (€)", lambda page: page.amount_min),
            Column("Montant maximal (€)", lambda page: page.amount_max),
            Column("Taux minimal (%)", lambda page: page.rate_min),
            Column("Taux maximal (%)", lambda page: page.rate_max),
            Column("Qui peut candidater", lambda page: page.labels("beneficiaries")),
            Column("Dépenses prises en charge", lambda page: page.labels("eligible_costs")),
            Column("Avancement du projet", lambda page: page.labels("project_stages")),
            Column("Financeurs", lambda page: page.funder_names),
            Column("Où candidater", lambda page: page.application_url),
            Column("Annonce officielle", lambda page: page.source_url),
        ]
        common = [column for column in super().columns() if column.header != "Type"]
        return [common[0], *own, *common[1:]]

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(pages).with_funders()

    def export_ics(self) -> HttpResponse:
        """The closings of all the results, as a calendar that phones and mail programs follow."""
        calls = self.read(self.in_order(), with_sequence(self.light_pages().exclude(closes_on=None)))
        name = f"Clôtures des appels à projets{self.title_suffix}"
        source = settings.SITE_URL + self.url_as("ics")
        return calendar_file(calls, name=name, source=source, file_name="clotures-appels-a-projets")
