"""What organisers decide of registrations: approved or refused, checked in, noted as absent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agenda.models import EventSession, Registration
from agenda.registrations import mails
from agenda.registrations.certificates import new_code
from agenda.registrations.queue import put_in_queue, serve_queue
from agenda.registrations.seats import seats_of
from agenda.registrations.states import State, lock_session, locked, move

NOT_AWAITING = "Cette inscription n’attend pas de validation : elle est {state}."
REASON_NEEDED = "Dites pourquoi l’inscription est refusée : la personne le lira."
NO_SEAT = "Il ne reste plus de place, ni de liste d’attente : augmentez les places d’abord."
NOT_COMING = "Cette personne n’a pas d’inscription confirmée : elle est {state}."
NOBODY_COMES = "Cette séance n’a pas lieu : personne n’y est pointé."
TOO_EARLY = "La séance n’est pas terminée : il est trop tôt pour noter les absents."


@transaction.atomic
def approve(*, registration: Registration, by) -> Registration:
    """Accept somebody: to a seat, or to the queue. Raise ValidationError when nothing is to be approved."""
    now = timezone.now()
    registration = _awaiting(registration)
    session = registration.session
    registration.is_approved = True
    serve_queue(session, now)
    seat = registration.seat or seats_of(session, registration.presence, now).number_for(registration.is_small)
    if seat is None:
        put_in_queue(registration, NO_SEAT, by=by)
    else:
        move(registration, State.CONFIRMED, by=by, seat=seat)
        mails.mail_confirmed(registration)
    return registration


@transaction.atomic
def refuse(*, registration: Registration, by, reason: str) -> Registration:
    """Refuse somebody, with a reason that they read; a seat that was held goes to the next one."""
    if not reason.strip():
        raise ValidationError(REASON_NEEDED)
    registration = _awaiting(registration)
    move(registration, State.REFUSED, by=by, reason=reason)
    mails.mail_refused(registration, reason)
    serve_queue(registration.session, timezone.now())
    return registration


def _awaiting(registration: Registration) -> Registration:
    registration = locked(registration)
    if registration.state != State.AWAITING:
        raise ValidationError(NOT_AWAITING.format(state=registration.get_state_display()))
    return registration


@transaction.atomic
def check_in(*, registration: Registration, by) -> tuple[Registration, bool]:
    """Note that somebody is there; whether this is the first time. Raise ValidationError for who is not expected."""
    registration = locked(registration)
    if registration.state == State.PRESENT:
        return registration, False
    if registration.state not in (State.CONFIRMED, State.ABSENT):
        raise ValidationError(NOT_COMING.format(state=registration.get_state_display()))
    if not registration.session.takes_place:
        raise ValidationError(NOBODY_COMES)
    registration.checked_in_at, registration.certificate = timezone.now(), new_code()
    move(registration, State.PRESENT, by=by, seat=registration.seat)
    return registration, True


@transaction.atomic
def undo_check_in(*, registration: Registration, by) -> Registration:
    """The wrong name was ticked; a certificate that was printed is not valid any more."""
    registration = locked(registration)
    if registration.state in (State.PRESENT, State.ABSENT):
        registration.checked_in_at = registration.certificate = None
        move(registration, State.CONFIRMED, by=by, seat=registration.seat)
    return registration


@transaction.atomic
def mark_absents(*, session: EventSession, by) -> int:
    """Those who were expected and were not checked in, once the session is over; return how many."""
    session = lock_session(session.pk)
    if timezone.now() < session.ends_at:
        raise ValidationError(TOO_EARLY)
    expected = list(session.registrations.filter(state=State.CONFIRMED))
    for registration in expected:
        move(registration, State.ABSENT, by=by, seat=registration.seat)
    return len(expected)
