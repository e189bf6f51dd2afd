"""The filters and the order that only events have: what is to come or over, in some days, near a place."""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from django import forms
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from agenda.events.kinds import TAKES_PLACE, zone
from agenda.models import EventSession
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.listing import (
    RECENT,
    Facet,
    Filter,
    MonthFilter,
    PeriodFilter,
    Sort,
    TerritoryFilter,
    YearFilter,
)
from territoires_en_commun.base.listing.filters import FacetPart, FacetValue, Values
from territoires_en_commun.base.listing.periods import first_day
from territoires_en_commun.base.listing.territory import TerritoryPart, links_of

UPCOMING, PAST = "a-venir", "passes"
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class Window(NamedTuple):
    """Days, bounds included; None is no bound."""

    first: dt.date | None = None
    last: dt.date | None = None


class Slot(NamedTuple):
    """A session, as the filters need it: its instants, on the clocks where it takes place."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str

    @property
    def takes_place(self) -> bool:
        """Whether it is neither cancelled nor postponed."""
        return self.status in TAKES_PLACE

    @property
    def first_day(self) -> dt.date:
        """The day when it begins, there."""
        return self.starts_at.date()

    @property
    def last_day(self) -> dt.date:
        """The day when it ends, there; what ends at midnight is not of the next day."""
        return (self.ends_at - dt.timedelta.resolution).date()

    def is_in(self, window: Window) -> bool:
        """Whether it takes place on one of these days."""
        has_begun = window.last is None or self.first_day <= window.last
        return has_begun and (window.first is None or self.last_day >= window.first)


def slot_of(session: EventSession, zone_name: str) -> Slot:
    """A session as the filters need it."""
    where = zone(zone_name)
    return Slot(session.starts_at.astimezone(where), session.ends_at.astimezone(where), session.status)


@dataclass(frozen=True)
class WhenPart(FacetPart):
    """As ``FacetPart``, with the sessions of each page: what is over is known at each request, to the second."""

    slots: dict[int, list[Slot]] | None = None


class WhenFacet(Facet):
    """What is to come, in progress included, or over: an event is in one of them only."""

    def __init__(self):
        super().__init__("quand", "Période")

    def collect(self, pages: QuerySet, values: Values) -> WhenPart:
        slots = defaultdict(list)
        rows = EventSession.objects.filter(event__in=pages.order_by().values("pk")).order_by("starts_at")
        for session in rows.annotate(zone_name=F("event__time_zone")):
            slots[session.event_id].append(slot_of(session, session.zone_name))
        offered = (FacetValue(UPCOMING, "À venir"), FacetValue(PAST, "Passés"))
        every = frozenset(values["pk"] and [pk for pk, _ in values["pk"]])
        return WhenPart(offered, {UPCOMING: every, PAST: every}, slots=dict(slots))

    lookups = ("pk",)

    def select(self, value: list[str], part: WhenPart, pages: QuerySet) -> frozenset[int]:
        return frozenset().union(*(self.pages_that_are(item, part) for item in value))

    def default(self, part: WhenPart) -> frozenset[int]:
        return self.pages_that_are(UPCOMING, part)

    def pages_that_are(self, value: str, part: WhenPart) -> frozenset[int]:
        """The pages to come or over now; one without session yet is to come."""
        now = timezone.now()
        over = {pk for pk, slots in part.slots.items() if all(slot.ends_at <= now for slot in slots)}
        return frozenset(over) if value == PAST else part.pages[UPCOMING] - over


class DayInput(forms.DateInput):
    """A field of the browser's own: it holds a date or nothing, the notice quotes what is none."""

    input_type = "date"

    def format_value(self, value: dt.date | str | None) -> str | None:
        if isinstance(value, str):
            try:
                value = forms.DateField(input_formats=DAY_FORMATS).clean(value)
            except forms.ValidationError:
                return None
        return value.isoformat() if value else None


class DayFilter(Filter):
    """The events that have a session from a day on, or until a day, where they take place."""

    def form_field(self, part: None) -> forms.Field:
        return forms.DateField(
            label=self.label,
            required=False,
            input_formats=DAY_FORMATS,
            widget=DayInput,
            error_messages={"invalid": "cette date n’existe pas ; écrivez par exemple 31/12/2027"},
        )

    def select(self, value: dt.date, part: None, pages: QuerySet) -> Collection[int]:
        raise NotImplementedError  # the listing knows the sessions: see EventListing.dated

    def raw(self, value: dt.date) -> list[str]:
        return [value.isoformat()]

    def tell(self, raw: str, value: dt.date, part: None) -> str:
        return f"{self.label} {long_date(value)}"


class DatedPeriod(PeriodFilter):
    """A period that is kept while other filters change; the listing knows the sessions, as for ``DayFilter``."""

    def __init__(self, name: str, label: str, *, said: str = "{}"):
        super().__init__(name, label, lookup="pk", said=said)

    def collect(self, pages: QuerySet, values: Values) -> None:
        return None

    def select(self, value: str, part: None, pages: QuerySet) -> Collection[int]:
        raise NotImplementedError  # see EventListing.dated


class EventMonth(DatedPeriod, MonthFilter):
    """The events that have a session in a month, shown as a calendar."""

    pattern = "20[0-9]{2}-(0[1-9]|1[0-2])"
    example = "un mois de 2000 à 2099, comme 2027-03"

    def tell(self, raw: str, value: str, part: None) -> str:
        return capfirst(self.words(raw))


class EventYear(DatedPeriod, YearFilter):
    """The events that are over, whose last session was in a year."""


class EventTerritory(TerritoryFilter):
    """As for any content, and the events that take place there: in one of its communes."""

    def collect(self, pages: QuerySet, values: Values) -> TerritoryPart:
        own = {pk for pk, _ in values["pk"]}
        places = pages.filter(commune__isnull=False).order_by()
        places = places.values_list("pk", "commune", "commune__ancestor_links__ancestor")
        return TerritoryPart.of(chain((link for link in links_of(pages) if link[0] in own), places))


def between(slots: dict[int, list[Slot]], window: Window) -> frozenset[int]:
    """The pages that have one session in these days."""
    return frozenset(pk for pk, rows in slots.items() if any(row.is_in(window) for row in rows))


def window_of(asked: dict[str, Any]) -> Window:
    """The days that the filters in use ask, in a month when there is one."""
    first, last = asked.get(FROM.name), asked.get(UNTIL.name)
    if MONTH.name in asked:
        start = first_day(asked[MONTH.name])
        end = start.replace(day=monthrange(start.year, start.month)[1])
        first, last = max(first or start, start), min(last or end, end)
    return Window(first, last)


WHEN = WhenFacet()
FROM = DayFilter("du", "À partir du")
UNTIL = DayFilter("au", "Jusqu’au")
MONTH = EventMonth("mois", "Mois")
YEAR = EventYear("annee", "Année", said="Passés en {}")
DATED = (WHEN, FROM, UNTIL, MONTH, YEAR)
# Its order is made at each request: see EventListing.in_order.
BY_DATE = Sort("date", "Date", "pk")
LATEST = Sort(RECENT.name, "Ajoutés récemment", RECENT.lookup, reverse=True)
