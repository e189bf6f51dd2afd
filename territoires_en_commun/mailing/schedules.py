"""When a scheduled job runs: every so often, or each day at a local time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings


class Schedule(Protocol):
    def first(self, now: datetime) -> datetime:
        """When a job never run before is due."""

    def after(self, now: datetime) -> datetime:
        """The first time strictly after `now`: what was missed while nothing ran is caught up once, not N times."""


@dataclass(frozen=True)
class Every:
    """At a fixed interval, the first time at once."""

    interval: timedelta

    def __post_init__(self):
        if self.interval < timedelta(seconds=1):
            raise ValueError("An interval lasts one second at least")

    def __str__(self) -> str:
        seconds = int(self.interval.total_seconds())
        units = (
            (86_400, "jour", "tous"),
            (3600, "heure", "toutes"),
            (60, "minute", "toutes"),
            (1, "seconde", "toutes"),
        )
        size, unit, every = next(found for found in units if seconds % found[0] == 0)
        count = seconds // size
        return f"chaque {unit}" if count == 1 else f"{every} les {count} {unit}s"

    def first(self, now: datetime) -> datetime:
        return now

    def after(self, now: datetime) -> datetime:
        return now + self.interval


@dataclass(frozen=True)
class DailyAt:
    """Each day at a time of TIME_ZONE, once, also on the days when clocks change.

    A time skipped in spring runs at the moment that follows the skip; a time repeated in autumn runs at its first
    occurrence (PEP 495, fold=0).
    """

    at: time

    @classmethod
    def parse(cls, text: str) -> "DailyAt":
        """Read « 03:00 »; raise ValueError."""
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
            raise ValueError(f"Bad time of day {text!r}: expected HH:MM")
        return cls(time.fromisoformat(text))

    def __str__(self) -> str:
        return f"chaque jour à {self.at:%H:%M}"

    def first(self, now: datetime) -> datetime:
        return self.after(now)

    def after(self, now: datetime) -> datetime:
        zone = ZoneInfo(settings.TIME_ZONE)
        day = now.astimezone(zone).date()
        moments = (datetime.combine(day + timedelta(days=n), self.at, tzinfo=zone).astimezone(UTC) for n in range(3))
        return next(moment for moment in moments if moment > now)
