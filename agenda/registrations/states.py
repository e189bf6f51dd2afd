"""What the verbs of registrations share: the lock of the session, a move that is noted, why a verb is refused.

Private to the modules beside it that move states (``services``, ``queue``, ``decisions``, ``transfer_services``,
``erasure``): nothing else does.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from agenda.events.kinds import RegistrationState, RegistrationWay
from agenda.models import EventSession, Registration, RegistrationMove
from territoires_en_commun.territories.models import Territory

State = RegistrationState

CLOSED = "Les inscriptions à cette séance sont closes."
NOT_YET_OPEN = "Les inscriptions à cette séance ne sont pas encore ouvertes."
NOT_HERE = "On ne s’inscrit pas à cet événement sur cette plateforme."
NOT_TAKING_PLACE = "Cette séance n’a pas lieu : on ne s’y inscrit plus."
OTHER_PRESENCE = "Cette séance ne propose pas cette modalité."
OVER = "La séance est terminée : cette inscription ne peut plus changer."
ERASED = "Cette inscription a été effacée : il n’y a plus rien à faire."
ENDED_ALREADY = "Cette inscription est {state} : il n’y a rien d’autre à faire."


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who registers, as the form gives it; ``answers`` to the questions of the event, by their identifier."""

    email: str
    last_name: str
    first_name: str = ""
    organisation: str = ""
    role: str = ""
    commune: Territory | None = None
    needs: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    in_list: bool = False


def lock_session(session_id: int) -> EventSession:
    """The session as it is now, for this transaction alone, with its event."""
    session = EventSession.objects.select_for_update(of=("self",)).get(pk=session_id)
    session.event  # noqa: B018 - read once, here
    return session


def locked(registration: Registration) -> Registration:
    """A registration as it is now, its session locked. Raise ValidationError once its person is erased."""
    session = lock_session(registration.session_id)
    fresh = Registration.objects.select_related("commune").filter(pk=registration.pk, erased_at=None).first()
    if fresh is None:
        raise ValidationError(ERASED)
    fresh.session = session
    return fresh


def begin(registration: Registration) -> None:
    """Note that a registration exists."""
    RegistrationMove.objects.create(registration=registration, after=State.TO_CONFIRM, at=registration.created_at)


def move(registration: Registration, state: State, *, by=None, reason: str = "", seat: int | None = None) -> None:
    """Change a state, with what goes with it, and note it."""
    now = timezone.now()
    before = registration.state
    registration.state, registration.seat = state, seat
    if state != State.OFFERED:
        registration.offered_until = None
    registration.save()
    RegistrationMove.objects.create(
        registration=registration, before=before, after=state, at=now, by=by, reason=reason[:500]
    )
    if before == State.CONFIRMED:  # a place is proposed to somebody else by who holds it only
        registration.transfers.filter(ended_at=None).update(ended_at=now)


def check_is_open(session: EventSession, presence: str, now: dt.datetime) -> None:
    """Raise ValidationError when the session takes no registration of this kind now."""
    if session.event.registration_way != RegistrationWay.INTERNAL:
        raise ValidationError(NOT_HERE)
    if not session.takes_place:
        raise ValidationError(NOT_TAKING_PLACE)
    if session.opens_at and now < session.opens_at:
        raise ValidationError(NOT_YET_OPEN)
    if now >= session.registration_closes_at:
        raise ValidationError(CLOSED)
    if presence not in session.presences:
        raise ValidationError(OTHER_PRESENCE)


def is_small(session: EventSession, commune: Territory | None) -> bool:
    """Whether a person is of a small commune, as the event says it; population as INSEE counts it."""
    population = commune.current.population if commune else None
    return population is not None and population < session.event.small_population


def next_rank(session: EventSession) -> int:
    """The rank of who comes next; the session is locked."""
    return (session.registrations.aggregate(last=Max("rank"))["last"] or 0) + 1


def merged_answers(before: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Answers once some are said anew: the others stay, those to archived questions included; empty ones go."""
    return {key: value for key, value in (before | said).items() if value not in ("", [])}
