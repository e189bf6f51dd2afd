"""Seats and the queue: who gets one, whom one is offered to, who accepts it. First come, first served."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agenda.models import EventSession, Registration
from agenda.registrations import mails
from agenda.registrations.seats import seats_of
from agenda.registrations.states import State, check_is_open, lock_session, locked, move, next_rank

FULL = "Il ne reste plus de place, et cette séance n’a pas de liste d’attente."
NO_OFFER = "Cette place n’est plus proposée : le délai est passé, ou elle a été acceptée."
OTHER_REGISTRATION = "Cette adresse a une autre inscription à cette séance."
OFFER_EXPIRED = "offre restée sans réponse"


def enter(registration: Registration, now: dt.datetime) -> None:
    """Give a seat or a place in the queue, or wait for the organiser; the session is locked by the caller.

    Raise ValidationError when the session is full and has no waiting list.
    """
    session = registration.session
    serve_queue(session, now)
    registration.confirmed_at = registration.confirmed_at or now  # the link of a mail proves the address
    registration.rank = next_rank(session)
    number = seats_of(session, registration.presence, now).number_for(registration.is_small)
    if session.event.needs_approval and not registration.is_approved:
        move(registration, State.AWAITING, seat=number if session.event.approval_holds_seat else None)
        mails.mail_awaiting(registration)
    elif number is not None:
        move(registration, State.CONFIRMED, seat=number)
        mails.mail_confirmed(registration)
    else:
        put_in_queue(registration, FULL)


def put_in_queue(registration: Registration, refusal: str, by=None) -> None:
    """Put in the waiting list, or raise ValidationError when there is none."""
    if not registration.session.event.has_waiting_list:
        raise ValidationError(refusal)
    move(registration, State.WAITING, by=by)
    mails.mail_waiting(registration)


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
        if seats.left == 0:  # a long queue is read only for a seat
            continue
        for registration in session.registrations.queue().filter(presence=presence):
            if seats.left == 0:
                break
            number = seats.number_for(registration.is_small)
            if number is None:
                continue
            registration.session = session
            registration.offered_until = until
            move(registration, State.OFFERED, seat=number)
            mails.mail_offer(registration)
            seats = seats.with_taken(number, registration.is_small)
            served.append(registration)
    return served


@transaction.atomic
def accept_offer(*, registration: Registration) -> Registration:
    """Take the seat that is offered. Raise ValidationError when it is not, or not any more."""
    registration = locked(registration)
    if registration.state == State.CONFIRMED:
        return registration
    if registration.state != State.OFFERED or registration.offered_until <= timezone.now():
        raise ValidationError(NO_OFFER)
    move(registration, State.CONFIRMED, seat=registration.seat)
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
        move(registration, State.CANCELLED, reason=OFFER_EXPIRED)
        mails.mail_offer_expired(registration)
    serve_queue(session, now)
    return len(late)


@transaction.atomic
def wait_again(*, registration: Registration) -> Registration:
    """Somebody who let an offer pass, or who cancelled, comes back at the end of the queue, or to a free seat."""
    now = timezone.now()
    registration = locked(registration)
    session = registration.session
    if registration.state != State.CANCELLED:
        return registration
    check_is_open(session, registration.presence, now)
    if session.registrations.active().filter(email_key=registration.email_key).exists():
        raise ValidationError(OTHER_REGISTRATION)
    enter(registration, now)
    return registration
