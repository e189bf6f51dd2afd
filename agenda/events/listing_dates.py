"""What dates make of the listing of events: what is to come or over, some days, a month, the archives by year."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.utils import timezone

from agenda.events.listing_filters import (
    BY_DATE,
    DATED,
    FROM,
    MONTH,
    PAST,
    UNTIL,
    UPCOMING,
    WHEN,
    YEAR,
    Slot,
    Window,
    between,
    window_of,
)
from agenda.events.month import MonthCalendar, month_of
from territoires_en_commun.base.listing import Archive, FeedListing, Filter
from territoires_en_commun.base.listing.links import without
from territoires_en_commun.base.listing.periods import first_day

AT_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


class DatedListing(FeedListing):
    """A listing of events, whose filters have those of ``DATED``."""

    # What dates select, and in which order

    @property
    def slots(self) -> dict[int, list[Slot]]:
        """The sessions of each event."""
        return self.part(WHEN).slots

    @cached_property
    def asked_dates(self) -> dict[str, Any]:
        """The clean values of the filters on dates."""
        return {filter_.name: self.values[filter_.name] for filter_ in DATED if filter_.name in self.values}

    @cached_property
    def window(self) -> Window:
        """The days asked."""
        return window_of(self.asked_dates)

    def is_asked(self, slot: Slot) -> bool:
        """Whether a session is in the days asked."""
        return slot.is_in(self.window)

    @cached_property
    def undated(self) -> dict[str, Collection[int]]:
        """What the filters keep, those on dates apart."""
        used = [filter_ for filter_ in self.filters if filter_.name in self.values and filter_ not in DATED]
        return {f.name: f.select(self.values[f.name], self.part(f), self.pages()) for f in used}

    @cached_property
    def selections(self) -> dict[str, Collection[int]]:
        """As any listing's; two days are those of one session, and dates asked go before « à venir »."""
        return self.undated | self.dated(self.asked_dates)

    def dated(self, asked: dict[str, Any]) -> dict[str, Collection[int]]:
        """What these dates keep; what is to come without any."""
        part = self.part(WHEN)
        found: dict[str, Collection[int]] = {}
        if WHEN.name in asked or not asked:
            found[WHEN.name] = WHEN.select(asked.get(WHEN.name, [UPCOMING]), part, self.pages())
        if YEAR.name in asked:
            found[YEAR.name] = frozenset(pk for pk, year in self.years.items() if year == asked[YEAR.name])
        days = asked.keys() & {FROM.name, UNTIL.name, MONTH.name}
        return found | (dict.fromkeys(days, between(self.slots, window_of(asked))) if days else {})

    def count_without(self, filter_: Filter, raw: str) -> int:
        if filter_ not in DATED or without(self.parameters, filter_.name, raw)[filter_.name]:
            return super().count_without(filter_, raw)
        others = {name: value for name, value in self.asked_dates.items() if name != filter_.name}
        return len(self.kept_by(self.undated | self.dated(others)))

    @cached_property
    def is_past(self) -> bool:
        """Whether the list shows only what is over, the latest first."""
        return self.values.get(WHEN.name) == [PAST] or YEAR.name in self.values

    def in_order(self, start: int = 0, stop: int | None = None) -> list[int]:
        if self.sort is not BY_DATE:
            return super().in_order(start, stop)
        now = timezone.now()
        return sorted(self.selected, key=lambda pk: self._rank(pk, now), reverse=self.is_past)[start:stop]

    def _rank(self, pk: int, now: dt.datetime) -> tuple:
        slots = [slot for slot in self.slots.get(pk, ()) if self.is_asked(slot)]
        to_come = [slot for slot in slots if slot.ends_at > now]
        placed = [slot for slot in to_come if slot.takes_place] or to_come or slots[-1:]
        return (placed[0].starts_at if placed else AT_LAST), pk

    # The archives

    @cached_property
    def years(self) -> dict[int, str]:
        """The year of each event that is over: that of its last session."""
        over = WHEN.pages_that_are(PAST, self.part(WHEN))
        return {pk: f"{max(slot.last_day for slot in self.slots[pk]).year:04}" for pk in over}

    @property
    def archives(self) -> list[Archive]:
        """The years where events are over, the latest first; the other filters are kept."""
        counts = Counter(self.years[pk] for pk in self.kept_by(self.undated) if pk in self.years)
        kept, current = self.undated_parameters, self.values.get(YEAR.name)
        return [
            Archive(year, self.url({**kept, YEAR.name: [year]}), count, year == current, [])
            for year, count in sorted(counts.items(), reverse=True)
        ]

    @property
    def undated_parameters(self) -> dict[str, list[str]]:
        """The filters in use, those on dates apart; their order is that of dates."""
        left_out = {"tri", *(filter_.name for filter_ in DATED)}
        return {name: values for name, values in self.parameters.items() if name not in left_out}

    # The month

    @cached_property
    def month(self) -> MonthCalendar | None:
        """The month that is shown as a calendar; None for the list."""
        asked = self.values.get(MONTH.name)
        return MonthCalendar(self, first_day(asked), timezone.localdate()) if asked else None

    @property
    def results_template(self) -> str:
        """The calendar of a month, or the list."""
        return "agenda/event/month.html" if self.month else super().results_template

    @property
    def page_count(self) -> int:
        return 1 if self.month else super().page_count

    @property
    def month_url(self) -> str:
        """The month of the first day asked, else this one, as a calendar."""
        day = self.values.get(FROM.name, timezone.localdate())
        month = month_of(day) or month_of(timezone.localdate())
        return self.url({**self.undated_parameters, MONTH.name: [month]})
