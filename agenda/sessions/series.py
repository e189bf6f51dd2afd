"""Sessions that come again: their dates at the time of the event, whatever the clocks do in March and October."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.core.exceptions import ValidationError
from django.db import models

MOST = 60  # sessions in one series
HORIZON = dt.timedelta(days=3 * 366)


class Frequency(models.TextChoices):
    """How often a session comes again."""

    DAILY = "jour", "tous les jours"
    WEEKLY = "semaine", "toutes les semaines"
    MONTHLY = "mois", "tous les mois, au même rang (le premier mardi)"
    MONTH_DAY = "mois-jour", "tous les mois, au même jour (le 15)"


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """How a session comes again: ``interval`` 2 is every other time; so many times, or until a day, included."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Dates:
    """The instants of one session."""

    starts_at: dt.datetime
    ends_at: dt.datetime


def dates_of_series(first: Dates, repetition: Repetition, zone: ZoneInfo) -> list[Dates]:
    """The sessions of a series, the first included: the same hours on the clocks of the event, the same length there.

    Raise ValidationError when there are none, too many, too far, or when a date falls in the hour that a change of
    time skips.
    """
    if repetition.count is None and repetition.until is None:
        raise ValidationError("Dites combien de séances, ou jusqu’à quel jour.")
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (first.starts_at, first.ends_at))
    rule = _rule(start, repetition)
    days = [day for day in rule if day - start <= HORIZON] if repetition.count else list(rule)
    if len(days) > MOST:
        raise ValidationError(f"Une série compte {MOST} séances au plus : raccourcissez-la, ou faites-en plusieurs.")
    if not days or (repetition.count and len(days) < repetition.count):
        raise ValidationError("Cette série va trop loin : trois ans au plus.")
    length = end - start
    return [Dates(on_clocks(day, zone), on_clocks(day + length, zone)) for day in days]


def _rule(start: dt.datetime, repetition: Repetition) -> rrule.rrule:
    frequency, more = rrule.MONTHLY, {}
    if repetition.frequency == Frequency.DAILY:
        frequency = rrule.DAILY
    elif repetition.frequency == Frequency.WEEKLY:
        frequency = rrule.WEEKLY
    elif repetition.frequency == Frequency.MONTHLY:
        more = {"byweekday": rrule.weekdays[start.weekday()]((start.day - 1) // 7 + 1)}
    until = dt.datetime.combine(repetition.until, dt.time.max) if repetition.until else None
    limit = start + HORIZON
    return rrule.rrule(
        frequency,
        dtstart=start,
        interval=repetition.interval,
        count=min(repetition.count, MOST + 1) if repetition.count else None,
        until=min(until, limit) if until else None,
        **more,
    )


def on_clocks(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A time read on the clocks of a place; raise ValidationError for one that no clock shows (change of hour)."""
    aware = moment.replace(tzinfo=zone)
    if aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValidationError(
            f"Le {moment:%d/%m/%Y} à {moment:%H:%M} n’existe pas : les horloges avancent d’une heure cette nuit-là."
        )
    return aware.astimezone(dt.UTC)
