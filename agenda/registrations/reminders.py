"""Reminders before a session and thanks after it: written when they are due, with what is true at that time.

Nothing waits in the outbox: a session that moves, or a registration that is cancelled, has no reminder to take back
but those of the last minutes.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from agenda.events.kinds import RegistrationState
from agenda.models import EventSession, Registration
from agenda.registrations import mails

State = RegistrationState


@dataclass(frozen=True)
class Reminder:
    """A mail that is due some time before the start, or after the end; ``useful`` for so long, then it is not sent."""

    name: str
    words: str
    before: dt.timedelta
    useful: dt.timedelta


REMINDERS = (
    Reminder("j7", "Dans une semaine", dt.timedelta(days=7), dt.timedelta(days=3)),
    Reminder("j1", "Demain", dt.timedelta(days=1), dt.timedelta(hours=12)),
    Reminder("h1", "Dans une heure", dt.timedelta(hours=1), dt.timedelta(minutes=45)),
)
AFTER = dt.timedelta(days=2)  # how long thanks are worth sending


def send_reminders(now: dt.datetime) -> int:
    """Queue what is due; return how many. Run again, it queues nothing more."""
    count = sum(_remind(reminder, now) for reminder in REMINDERS)
    return count + _thank(now)


def _remind(reminder: Reminder, now: dt.datetime) -> int:
    """Those who are coming to a session that starts in the time of the reminder.

    Somebody who registered since then has just received everything: the reminder would say it again.
    """
    count = 0
    latest, earliest = now + reminder.before, now + reminder.before - reminder.useful
    for session in EventSession.objects.taking_place().filter(starts_at__gt=earliest, starts_at__lte=latest):
        due_at = session.starts_at - reminder.before
        seated = session.registrations.filter(state=State.CONFIRMED)
        for pk in seated.exclude(moves__after=State.CONFIRMED, moves__at__gt=due_at).values_list("pk", flat=True):
            count += _queue_one(pk, reminder, session, now)
    return count


@transaction.atomic
def _queue_one(pk: int, reminder: Reminder, session: EventSession, now: dt.datetime) -> int:
    """One reminder, in a transaction of its own: a long list that is cut goes on at the next run."""
    registration = _coming(pk, State.CONFIRMED)
    if registration is None:
        return 0
    moment = f"{session.starts_at:%Y%m%d%H%M}"
    return mails.mail_reminder(
        registration,
        f"reminder:{reminder.name}:{moment}",
        words=reminder.words,
        expires_at=session.starts_at - reminder.before + reminder.useful,
    )


def _thank(now: dt.datetime) -> int:
    """Those who came, or who were expected when nobody was checked in."""
    count = 0
    for session in EventSession.objects.taking_place().filter(ends_at__gt=now - AFTER, ends_at__lte=now):
        present = session.registrations.filter(state=State.PRESENT)
        came = present if present.exists() else session.registrations.filter(state=State.CONFIRMED)
        for pk in came.values_list("pk", flat=True):
            with transaction.atomic():
                registration = _coming(pk, State.PRESENT, State.CONFIRMED)
                count += mails.mail_after(registration) if registration else 0
    return count


def _coming(pk: int, *states: str) -> Registration | None:
    """A registration that is still in one of these states."""
    rows = Registration.objects.select_related("session__event__commune").filter(state__in=states, erased_at=None)
    return rows.select_for_update(of=("self",)).filter(pk=pk).first()
