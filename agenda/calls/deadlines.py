"""Where a call stands at a given time, from its dates.

A call closes at the end of its closing day, at 23:59:59 in metropolitan France, wherever the applicant is.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from agenda.calls.kinds import CallStatus
from territoires_en_commun.base.formats import grouped, long_date

PARIS = ZoneInfo("Europe/Paris")
# Days before the closing from which it is « imminente ». Ours to decide: Aides-territoires says thirty, with which a
# call open for six weeks would be « imminent » most of its life; three weeks leave the time of a municipal council.
CLOSING_SOON = dt.timedelta(days=21)

MONTHS_TO_NAME_WINNERS = 6


def day_in_france(now: dt.datetime) -> dt.date:
    """The day that it is in metropolitan France, whatever the time zone of the editor or of the server."""
    return now.astimezone(PARIS).date()


def opening_moment(day: dt.date) -> dt.datetime:
    """The first second of an opening day."""
    return dt.datetime.combine(day, dt.time(), PARIS)


def closing_moment(day: dt.date) -> dt.datetime:
    """The last second of a closing day."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), PARIS)


def status_on(
    today: dt.date, *, opens_on: dt.date | None, closes_on: dt.date | None, has_winners: bool = False
) -> CallStatus:
    """Where a call of these dates stands; one without opening is open already, one without closing stays open."""
    if closes_on and closes_on < today:
        return CallStatus.AWARDED if has_winners else CallStatus.CLOSED
    if opens_on and opens_on > today:
        return CallStatus.UPCOMING
    if closes_on and closes_on - today <= CLOSING_SOON:
        return CallStatus.CLOSING
    return CallStatus.OPEN


def countdown(today: dt.date, *, opens_on: dt.date | None, closes_on: dt.date | None) -> str:
    """« ouvre demain », « clôture dans 12 jours », « clôturé le 3 mars 2027 », « sans date limite »."""
    if closes_on and closes_on < today:
        return f"clôturé le {long_date(closes_on)}"
    if opens_on and opens_on > today:
        return f"ouvre {_in_days(opens_on - today)}"
    return f"clôture {_in_days(closes_on - today)}" if closes_on else "sans date limite"


def _in_days(delay: dt.timedelta) -> str:
    if delay.days < 2:
        return ("aujourd’hui", "demain")[delay.days]
    return f"dans {grouped(delay.days)}\u00a0jours"
