"""Erasing the data of registrations in time: one door for a job, a command and a report (RGPD, article 5, 1, e)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agenda.events.kinds import RegistrationState
from agenda.models import EventSession, Registration, RegistrationPurge, RegistrationTransfer
from agenda.registrations.erasure import delete_form, erase_person, forget_addresses
from agenda.registrations.states import lock_session
from agenda.registrations.transfer_mails import KEEP_PROPOSALS, proposal_prefix
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import erase_mails

KEEP_FORMS = dt.timedelta(days=30)  # a form that nobody confirmed
GRACE = dt.timedelta(days=2)  # the job is daily: later than that, something is wrong


@dataclass(frozen=True)
class Due:
    """What is to be erased of a session: persons, forms never confirmed, answers to personal questions alone."""

    session: EventSession
    persons: list[Registration]
    forms: list[Registration]
    answers: list[tuple[Registration, list[str]]]

    def __bool__(self) -> bool:
        return bool(self.persons or self.forms or self.answers)

    @property
    def states(self) -> dict[str, int]:
        """How many persons and forms, by state."""
        return dict(Counter(row.state for row in (*self.persons, *self.forms)))

    @property
    def registrations(self) -> int:
        """How many registrations are concerned."""
        return len(self.persons) + len(self.forms) + len(self.answers)

    @property
    def answer_count(self) -> int:
        """How many answers are erased alone."""
        return sum(len(keys) for _, keys in self.answers)


def due_of(session: EventSession, now: dt.datetime) -> Due:
    """What is to be erased of a session at a given time."""
    old_forms = {"state": RegistrationState.TO_CONFIRM, "created_at__lte": now - KEEP_FORMS}
    forms = list(session.registrations.filter(**old_forms))
    rows = session.registrations.filter(erased_at=None).exclude(**old_forms)
    if now >= session.ends_at + dt.timedelta(days=session.event.retention_days):
        return Due(session, list(rows), forms, [])
    personal = session.event.questions.filter(is_personal=True)
    over = [
        str(question.uuid)
        for question in personal
        if question.retention_days and now >= session.ends_at + dt.timedelta(days=question.retention_days)
    ]
    answered = [(row, [key for key in over if key in row.answers]) for row in (rows if over else [])]
    return Due(session, [], forms, [(row, keys) for row, keys in answered if keys])


def everything_due(now: dt.datetime) -> Iterator[Due]:
    """What is to be erased at a given time, session by session."""
    for session in _sessions(now):
        if due := due_of(session, now):
            yield due


def overdue(now: dt.datetime) -> list[Due]:
    """What should have been erased and was not: nothing, when the job runs."""
    return list(everything_due(now - GRACE))


def _sessions(now: dt.datetime):
    """The sessions that may have something to erase, the oldest first."""
    kept = Q(erased_at=None, session__ends_at__lte=now)
    forms = Q(state=RegistrationState.TO_CONFIRM, created_at__lte=now - KEEP_FORMS)
    found = EventSession.objects.filter(pk__in=Registration.objects.filter(kept | forms).values("session"))
    return found.select_related("event").order_by("ends_at", "pk")


def purge(now: dt.datetime, *, by=None) -> list[Due]:
    """Erase what is due, each session in a transaction of its own, and note it; run again, it does nothing more.

    ``by`` is who asked for it, None for the scheduled job.
    """
    done = [_purge_session(session.pk, now, by) for session in _sessions(now)]
    forget_old_proposals(now)
    return [due for due in done if due]


@transaction.atomic
def _purge_session(session_id: int, now: dt.datetime, by) -> Due:
    due = due_of(lock_session(session_id), now)
    if not due:
        return due
    states = due.states
    for registration in due.persons:
        erase_person(registration)
    for registration, keys in due.answers:
        registration.answers = {key: value for key, value in registration.answers.items() if key not in keys}
        registration.save()
    RegistrationPurge.objects.create(
        session=due.session,
        what=str(due.session)[:500],
        count=due.registrations,
        at=timezone.now(),
        by=by,
        states=states,
        answers=due.answer_count,
    )
    for registration in due.forms:
        delete_form(registration)
    return due


@transaction.atomic
def forget_old_proposals(now: dt.datetime) -> int:
    """Blank the addresses of those who did not accept a place that was proposed to them; return how many."""
    rows = RegistrationTransfer.objects.filter(created_at__lte=now - KEEP_PROPOSALS, taken_by=None).exclude(email="")
    old = list(rows.select_related("registration"))
    for transfer in old:
        key = f"{proposal_prefix(transfer.registration)}{transfer.uuid}"
        erase_mails(OutgoingMail.objects.filter(key=key))
    forget_addresses(RegistrationTransfer.objects.filter(pk__in=[transfer.pk for transfer in old]))
    return len(old)


def told(due: Due) -> str:
    """« Atelier – 03/03/2027 14:00 : 12 personnes (confirmée : 12), 2 formulaires non confirmés, 3 réponses »."""
    persons = Counter(row.get_state_display() for row in due.persons)
    states = ", ".join(f"{state} : {count}" for state, count in sorted(persons.items()))
    parts = [
        due.persons and f"{counted(len(due.persons), 'personne')} ({states})",
        due.forms and counted(len(due.forms), "formulaire non confirmé", "formulaires non confirmés"),
        due.answers and counted(due.answer_count, "réponse personnelle", "réponses personnelles"),
    ]
    return f"{due.session} : {', '.join(filter(None, parts))}"


def counted(count: int, one: str, several: str = "") -> str:
    """« 1 personne », « 12 personnes »."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"
