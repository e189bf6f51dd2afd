"""A month of the agenda: one cell a day, each event on each of its days, where it takes place."""

import datetime as dt
from calendar import Calendar
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import capfirst

from agenda.events.kinds import PARIS, SessionStatus
from agenda.events.listing_filters import FROM, MONTH, UNTIL, Slot
from agenda.models import EventPage
from agenda.sessions.times import PLACES, hour
from territoires_en_commun.base.listing.links import without
from territoires_en_commun.base.site_info import Link

if TYPE_CHECKING:
    from agenda.events.listing_dates import DatedListing

YEARS = range(2000, 2100)
MOST_A_DAY = 8
TOLD = (SessionStatus.CANCELLED, SessionStatus.POSTPONED, SessionStatus.MOVED_ONLINE)
SHOWN_FIELDS = ("title", "slug", "url_path", "path", "depth", "locale", "content_type", "live")


class Entry(NamedTuple):
    """An event on a day: when it begins there, or « suite », and what became of it when it is not as announced."""

    title: str
    url: str
    hour: str
    note: str


class Day(NamedTuple):
    """A day of the calendar, with its events in order; ``more`` leads to those that its cell leaves out."""

    date: dt.date
    weekday: str
    number: str
    is_inside: bool
    is_today: bool
    entries: list[Entry]
    more: Link | None


def month_of(day: dt.date) -> str:
    """« 2027-03 »; empty for a month that the agenda does not show."""
    return f"{day:%Y-%m}" if day.year in YEARS else ""


class MonthCalendar:
    """The results of a listing in a month, weeks from Monday."""

    def __init__(self, listing: "DatedListing", first: dt.date, today: dt.date):
        self.listing, self.first, self.today = listing, first, today

    @property
    def label(self) -> str:
        """« mars 2027 »."""
        return date_format(self.first, "F Y")

    @property
    def weekdays(self) -> list[str]:
        """« Lundi »… « Dimanche »."""
        return [capfirst(WEEKDAYS[rank]) for rank in range(7)]

    @property
    def previous(self) -> Link | None:
        """The month before."""
        return self._link(self.first - dt.timedelta(days=1), "Mois précédent")

    @property
    def next(self) -> Link | None:
        """The month after."""
        return self._link(self.first + dt.timedelta(days=31), "Mois suivant")

    def _link(self, day: dt.date, words: str) -> Link | None:
        month = month_of(day)
        url = self.listing.url({**self.listing.parameters, MONTH.name: [month]})
        return Link(f"{words}\u00a0: {date_format(day, 'F Y')}", url) if month else None

    @property
    def list_url(self) -> str:
        """The list, with the other filters."""
        return self.listing.url(without(self.listing.parameters, MONTH.name))

    @cached_property
    def weeks(self) -> list[list[Day]]:
        """The days, seven by seven."""
        weeks = Calendar(firstweekday=0).monthdatescalendar(self.first.year, self.first.month)
        return [[self._day(day) for day in week] for week in weeks]

    def _day(self, day: dt.date) -> Day:
        entries = self.entries.get(day, [])
        hidden = len(entries) - MOST_A_DAY
        more = Link(f"et {hidden} de plus", self._day_url(day)) if hidden > 0 else None
        number = "1er" if day.day == 1 else str(day.day)
        is_inside = day.month == self.first.month
        return Day(day, date_format(day, "l"), number, is_inside, day == self.today, entries[:MOST_A_DAY], more)

    def _day_url(self, day: dt.date) -> str:
        asked = {FROM.name: [day.isoformat()], UNTIL.name: [day.isoformat()]}
        return self.listing.url({**self.listing.undated_parameters, **asked})

    @cached_property
    def entries(self) -> dict[dt.date, list[Entry]]:
        """The events of each day, by hour."""
        found = defaultdict(list)
        for page in self.pages:
            for slot in filter(self.listing.is_asked, self.listing.slots.get(page.pk, ())):
                for day in self._days(slot):
                    found[day].append((day == slot.first_day, slot.starts_at, page, slot))
        order = {day: sorted(rows, key=lambda row: (*row[:2], row[2].title)) for day, rows in found.items()}
        return {day: [entry(page, slot, day) for *_, page, slot in rows] for day, rows in order.items()}

    @cached_property
    def pages(self) -> list[EventPage]:
        """The events of the month; one query."""
        return self.listing.read(list(self.listing.selected), EventPage.objects.only(*SHOWN_FIELDS))

    def _days(self, slot: Slot) -> list[dt.date]:
        first = max(slot.first_day, self.listing.window.first)
        last = min(slot.last_day, self.listing.window.last)
        return [first + dt.timedelta(days=rank) for rank in range((last - first).days + 1)]


def entry(page: EventPage, slot: Slot, day: dt.date) -> Entry:
    """An event on one of its days."""
    begins = f"{hour(slot.starts_at)}{clock(slot)}" if day == slot.first_day else "Suite"
    note = SessionStatus(slot.status).label if slot.status in TOLD else ""
    return Entry(page.title, page.get_url(), begins, note)


def clock(slot: Slot) -> str:
    """« (heure de La Réunion) », where it is not that of Paris."""
    zone_name = slot.starts_at.tzinfo.key
    return "" if zone_name == PARIS else f" (heure {PLACES[zone_name]})"
