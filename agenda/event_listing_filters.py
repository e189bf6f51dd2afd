"""The filters and the order that only events have: what is to come or over, from a day, to a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from agenda.event_kinds import TAKES_PLACE, zone
from agenda.models import EventSession
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.listing import Facet, Filter, Sort
from territoires_en_commun.base.listing.filters import FacetPart, FacetValue, Values

UPCOMING, PAST = "a-venir", "passes"
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class Slot(NamedTuple):
    """A session, as the filters need it: its instants, and its days where it takes place."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    first_day: dt.date
    last_day: dt.date
    takes_place: bool

    def is_between(self, first: dt.date | None, last: dt.date | None) -> bool:
        """Whether it takes place on one of these days, bounds included."""
        return (first is None or self.last_day >= first) and (last is None or self.first_day <= last)


def slot_of(session: EventSession, zone_name: str) -> Slot:
    """A session as the filters need it."""
    days = (moment.astimezone(zone(zone_name)).date() for moment in (session.starts_at, session.ends_at))
    return Slot(session.starts_at, session.ends_at, *days, session.status in TAKES_PLACE)


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


class DayFilter(Filter):
    """The events that have a session from a day on, or until a day, where they take place."""

    def form_field(self, part: None) -> forms.Field:
        return forms.DateField(
            label=self.label,
            required=False,
            input_formats=DAY_FORMATS,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "cette date n’existe pas ; écrivez par exemple 31/12/2027"},
        )

    def select(self, value: dt.date, part: None, pages: QuerySet) -> Collection[int]:
        raise NotImplementedError  # the listing knows the sessions: see EventListing.selections

    def raw(self, value: dt.date) -> list[str]:
        return [value.isoformat()]

    def tell(self, raw: str, value: dt.date, part: None) -> str:
        return f"{self.label} {long_date(value)}"


def between(slots: dict[int, list[Slot]], first: dt.date | None, last: dt.date | None) -> frozenset[int]:
    """The pages that have one session in these days."""
    return frozenset(pk for pk, rows in slots.items() if any(row.is_between(first, last) for row in rows))


def month_of(day: dt.date) -> str:
    """« mars 2027 »."""
    return date_format(day, "F Y")


WHEN = WhenFacet()
FROM = DayFilter("du", "À partir du")
UNTIL = DayFilter("au", "Jusqu’au")
# Its order is made at each request: see EventListing.in_order.
BY_DATE = Sort("date", "Date", "pk")
