"""What happens to a registration: asked, confirmed, queued, offered a seat, cancelled. States move here only.

Each verb is one transaction under the lock of the session: seats, ranks and the queue are those of that instant. The
lock comes first, then the registration is read again.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agenda import registration_mails as mails
from agenda.certificates import new_code
from agenda.event_kinds import ENDED, RegistrationState, RegistrationWay
from agenda.models import EventSession, Registration, RegistrationMove
from agenda.models.registrations import address_key
from agenda.seats import seats_of
from territoires_en_commun.territories.models import Territory

State = RegistrationState

CLOSED = "Les inscriptions à cette séance sont closes."
NOT_YET_OPEN = "Les inscriptions à cette séance ne sont pas encore ouvertes."
NOT_HERE = "On ne s’inscrit pas à cet événement sur cette plateforme."
NOT_TAKING_PLACE = "Cette séance n’a pas lieu : on ne s’y inscrit plus."
OTHER_PRESENCE = "Cette séance ne propose pas cette modalité."
FULL = "Il ne reste plus de place, et cette séance n’a pas de liste d’attente."
OVER = "La séance est terminée : cette inscription ne peut plus changer."
TOO_LATE = "Le délai pour se désinscrire est passé : écrivez à l’organisation."
ENDED_ALREADY = "Cette inscription est {state} : il n’y a rien d’autre à faire."
NO_OFFER = "Cette place n’est plus proposée : le délai est passé, ou elle a été acceptée."
NOT_AWAITING = "Cette inscription n’attend pas de validation : elle est {state}."
REASON_NEEDED = "Dites pourquoi l’inscription est refusée : la personne le lira."
NO_SEAT = "Il ne reste plus de place, ni de liste d’attente : augmentez les places d’abord."
NO_SEAT_THERE = "Il ne reste pas de place dans cette modalité : votre inscription n’a pas changé."
NOT_COMING = "Cette personne n’a pas d’inscription confirmée : elle est {state}."
NOBODY_COMES = "Cette séance n’a pas lieu : personne n’y est pointé."
OFFER_EXPIRED = "offre restée sans réponse"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who registers, as the form gives it."""

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


def _locked(registration: Registration) -> Registration:
    """A registration as it is now, its session locked."""
    session = lock_session(registration.session_id)
    fresh = Registration.objects.select_related("commune").get(pk=registration.pk)
    fresh.session = session
    return fresh


def _move(registration: Registration, state: State, *, by=None, reason: str = "", seat: int | None = None) -> None:
    """Change a state, with what goes with it, and note it."""
    before = registration.state
    registration.state, registration.seat = state, seat
    if state != State.OFFERED:
        registration.offered_until = None
    registration.save()
    RegistrationMove.objects.create(
        registration=registration, before=before, after=state, at=timezone.now(), by=by, reason=reason[:500]
    )


def _check_is_open(session: EventSession, presence: str, now: dt.datetime) -> None:
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


# Registering


@transaction.atomic
def register(*, session: EventSession, presence: str, person: Person, identity: str) -> Registration | None:
    """Keep a form that holds no seat yet, and mail the link that confirms the address.

    ``identity`` is that of one opening of the form: sent twice, it is one registration. Whoever is registered already
    receives the link to that registration instead, and None is returned: the screen says the same to all. Raise
    ValidationError when the session takes no registration.
    """
    now = timezone.now()
    session = lock_session(session.pk)
    _check_is_open(session, presence, now)
    known = session.registrations.active().filter(email_key=address_key(person.email)).first()
    if known:
        mails.mail_known(known, identity)
        return None
    registration, is_new = Registration.objects.get_or_create(
        identity=identity,
        defaults={
            "session": session,
            "presence": presence,
            "created_at": now,
            "email_key": address_key(person.email),
            "is_small": is_small(session, person.commune),
            **vars(person),
        },
    )
    if is_new:
        RegistrationMove.objects.create(registration=registration, after=State.TO_CONFIRM, at=now)
        mails.mail_confirmation_link(registration)
    return registration


def is_small(session: EventSession, commune: Territory | None) -> bool:
    """Whether a person is of a small commune, as the event says it; population as INSEE counts it."""
    population = commune.current.population if commune else None
    return population is not None and population < session.event.small_population


@transaction.atomic
def confirm(*, registration: Registration) -> Registration:
    """The address is proved: take a seat or a place in the queue, or wait for the organiser; first come, first served.

    Confirmed twice, it is confirmed once. Another registration of the same address is given back instead, when there
    is one. Raise ValidationError when registration is closed, or full without a waiting list.
    """
    now = timezone.now()
    registration = _locked(registration)
    session = registration.session
    if registration.state != State.TO_CONFIRM:
        return registration
    known = session.registrations.active().filter(email_key=registration.email_key).first()
    if known:
        return known
    _check_is_open(session, registration.presence, now)
    serve_queue(session, now)
    registration.confirmed_at = now
    registration.rank = _next_rank(session)
    seats = seats_of(session, registration.presence, now)
    number = seats.number_for(registration.is_small)
    if session.event.needs_approval:
        held = number if session.event.approval_holds_seat else None
        _move(registration, State.AWAITING, seat=held)
        mails.mail_awaiting(registration)
    elif number is not None:
        _move(registration, State.CONFIRMED, seat=number)
        mails.mail_confirmed(registration)
    else:
        _queue(registration, FULL)
    return registration


def _next_rank(session: EventSession) -> int:
    return (session.registrations.aggregate(last=Max("rank"))["last"] or 0) + 1


def _queue(registration: Registration, refusal: str, by=None) -> None:
    """Put in the waiting list, or raise ValidationError when there is none."""
    if not registration.session.event.has_waiting_list:
        raise ValidationError(refusal)
    _move(registration, State.WAITING, by=by)
    mails.mail_waiting(registration)


# The queue


def serve_queue(session: EventSession, now: dt.datetime) -> list[Registration]:
    """Offer the free seats to those who wait, first come first; the session is locked by the caller.

    Somebody who may not take a seat kept for small communes lets the next one pass, and keeps their rank.
    """
    if not session.takes_place or now >= session.starts_at:
        return []
    until = min(now + dt.timedelta(hours=session.event.offer_hours), session.starts_at)
    served = []
    for presence in session.presences:
        seats = seats_of(session, presence, now)
        for registration in session.registrations.queue().filter(presence=presence):
            if seats.left == 0:
                break
            number = seats.number_for(registration.is_small)
            if number is None:
                continue
            registration.session = session
            registration.offered_until = until
            _move(registration, State.OFFERED, seat=number)
            mails.mail_offer(registration)
            seats = seats.with_taken(number, registration.is_small)
            served.append(registration)
    return served


@transaction.atomic
def accept_offer(*, registration: Registration) -> Registration:
    """Take the seat that is offered. Raise ValidationError when it is not, or not any more."""
    registration = _locked(registration)
    if registration.state == State.CONFIRMED:
        return registration
    if registration.state != State.OFFERED or registration.offered_until <= timezone.now():
        raise ValidationError(NO_OFFER)
    _move(registration, State.CONFIRMED, seat=registration.seat)
    mails.mail_confirmed(registration)
    return registration


@transaction.atomic
def end_late_offers(*, session: EventSession) -> int:
    """Take back the seats that nobody accepted in time, and offer them to the next ones; return how many."""
    now = timezone.now()
    session = lock_session(session.pk)
    late = list(session.registrations.late_offers(now))
    for registration in late:
        registration.session = session
        _move(registration, State.CANCELLED, reason=OFFER_EXPIRED)
        mails.mail_offer_expired(registration)
    serve_queue(session, now)
    return len(late)


@transaction.atomic
def wait_again(*, registration: Registration) -> Registration:
    """Somebody who let an offer pass, or who cancelled, comes back at the end of the queue, or to a free seat."""
    now = timezone.now()
    registration = _locked(registration)
    session = registration.session
    if registration.state != State.CANCELLED:
        return registration
    _check_is_open(session, registration.presence, now)
    if session.registrations.active().filter(email_key=registration.email_key).exists():
        raise ValidationError("Cette adresse a une autre inscription à cette séance.")
    serve_queue(session, now)
    registration.confirmed_at = registration.confirmed_at or now  # the link of a mail proves the address as well
    registration.rank = _next_rank(session)
    number = seats_of(session, registration.presence, now).number_for(registration.is_small)
    if session.event.needs_approval and not registration.is_approved:
        _move(registration, State.AWAITING, seat=number if session.event.approval_holds_seat else None)
        mails.mail_awaiting(registration)
    elif number is not None:
        _move(registration, State.CONFIRMED, seat=number)
        mails.mail_confirmed(registration)
    else:
        _queue(registration, FULL)
    return registration


# Leaving


@transaction.atomic
def cancel_registration(*, registration: Registration, by=None, reason: str = "") -> Registration:
    """Give up a registration; its seat goes to the next one. ``by`` is the organiser, None the person.

    Cancelled twice, it is cancelled once. Raise ValidationError when it is refused, when the session is over, or when
    the person is late.
    """
    now = timezone.now()
    registration = _locked(registration)
    session = registration.session
    if registration.state == State.CANCELLED:
        return registration
    if registration.state in ENDED:
        raise ValidationError(ENDED_ALREADY.format(state=registration.get_state_display()))
    if registration.state in (State.PRESENT, State.ABSENT) or now >= session.ends_at:
        raise ValidationError(OVER)
    if by is None and registration.state == State.CONFIRMED and now > session.last_cancellation_at:
        raise ValidationError(TOO_LATE)
    was_told = registration.state != State.TO_CONFIRM
    _move(registration, State.CANCELLED, by=by, reason=reason)
    if was_told:
        mails.mail_cancelled(registration, reason if by else "")
    serve_queue(session, now)
    return registration


# The organiser


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
        _queue(registration, NO_SEAT, by=by)
    else:
        _move(registration, State.CONFIRMED, by=by, seat=seat)
        mails.mail_confirmed(registration)
    return registration


@transaction.atomic
def refuse(*, registration: Registration, by, reason: str) -> Registration:
    """Refuse somebody, with a reason that they read; a seat that was held goes to the next one."""
    if not reason.strip():
        raise ValidationError(REASON_NEEDED)
    registration = _awaiting(registration)
    _move(registration, State.REFUSED, by=by, reason=reason)
    mails.mail_refused(registration, reason)
    serve_queue(registration.session, timezone.now())
    return registration


def _awaiting(registration: Registration) -> Registration:
    registration = _locked(registration)
    if registration.state != State.AWAITING:
        raise ValidationError(NOT_AWAITING.format(state=registration.get_state_display()))
    return registration


@transaction.atomic
def check_in(*, registration: Registration, by) -> tuple[Registration, bool]:
    """Note that somebody is there; whether this is the first time. Raise ValidationError for who is not expected."""
    registration = _locked(registration)
    if registration.state == State.PRESENT:
        return registration, False
    if registration.state not in (State.CONFIRMED, State.ABSENT):
        raise ValidationError(NOT_COMING.format(state=registration.get_state_display()))
    if not registration.session.takes_place:
        raise ValidationError(NOBODY_COMES)
    registration.checked_in_at, registration.certificate = timezone.now(), new_code()
    _move(registration, State.PRESENT, by=by, seat=registration.seat)
    return registration, True


@transaction.atomic
def undo_check_in(*, registration: Registration, by) -> Registration:
    """The wrong name was ticked; a certificate that was printed is not valid any more."""
    registration = _locked(registration)
    if registration.state in (State.PRESENT, State.ABSENT):
        registration.checked_in_at = registration.certificate = None
        _move(registration, State.CONFIRMED, by=by, seat=registration.seat)
    return registration


@transaction.atomic
def mark_absents(*, session: EventSession, by) -> int:
    """Those who were expected and were not checked in, once the session is over; return how many."""
    session = lock_session(session.pk)
    if timezone.now() < session.ends_at:
        raise ValidationError("La séance n’est pas terminée : il est trop tôt pour noter les absents.")
    expected = list(session.registrations.filter(state=State.CONFIRMED))
    for registration in expected:
        _move(registration, State.ABSENT, by=by, seat=registration.seat)
    return len(expected)


# Changing


@transaction.atomic
def change_registration(*, registration: Registration, presence: str, person: Person, by=None) -> Registration:
    """Change what somebody said, but the address; another presence needs a free seat there.

    Raise ValidationError when there is none, or when the registration is ended or over.
    """
    now = timezone.now()
    registration = _locked(registration)
    session = registration.session
    if registration.state in ENDED:
        raise ValidationError(ENDED_ALREADY.format(state=registration.get_state_display()))
    if now >= session.ends_at:
        raise ValidationError(OVER)
    for name, value in vars(person).items():
        if name != "email":
            setattr(registration, name, value)
    if registration.seat is None:
        registration.is_small = is_small(session, registration.commune)
    if presence != registration.presence:
        _change_presence(registration, presence, now)
    registration.save()
    return registration


def _change_presence(registration: Registration, presence: str, now: dt.datetime) -> None:
    session = registration.session
    if presence not in session.presences:
        raise ValidationError(OTHER_PRESENCE)
    if registration.seat is not None:
        serve_queue(session, now)
        number = seats_of(session, presence, now).number_for(registration.is_small)
        if number is None:
            raise ValidationError(NO_SEAT_THERE)
        registration.seat = number
    registration.presence = presence
    registration.save()
    serve_queue(session, now)
