"""A place that somebody gives: proposed, taken back, declined, or accepted, by the very seat. The queue does not move.

As the other verbs of registrations, each one is a transaction under the lock of the session.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agenda.models import Registration, RegistrationTransfer
from agenda.models.registrations import address_key
from agenda.registrations import mails, transfer_mails
from agenda.registrations.queue import serve_queue
from agenda.registrations.seats import seats_of
from agenda.registrations.states import (
    Person,
    State,
    begin,
    is_small,
    lock_session,
    locked,
    merged_answers,
    move,
    next_rank,
)

GIVEN = "place transmise"
NOT_GIVEN = "Une place se transmet tant qu’elle est confirmée, avant le début d’une séance qui a lieu."
OWN_ADDRESS = "C’est votre adresse : indiquez celle de la personne qui vient à votre place."
CLOSED = "Cette place n’est plus proposée : la personne l’a gardée ou annulée, ou le délai est passé."
REGISTERED_ALREADY = (
    "Vous avez déjà une inscription à cette séance, avec cette adresse : vous ne pouvez pas prendre une autre place."
)
KEPT_FOR_SMALL = (
    "Cette place est réservée aux communes de moins de {population} habitants, et il n’en reste pas pour les autres."
)


@transaction.atomic
def propose(*, registration: Registration, email: str) -> RegistrationTransfer:
    """Propose a place to somebody by mail; the seat stays with who gives it until it is accepted.

    The same address twice is one proposal; another address replaces the first one. Nothing tells whether the address
    is registered. Raise ValidationError when the place may not be given.
    """
    now = timezone.now()
    registration = locked(registration)
    if not is_giveable(registration, now):
        raise ValidationError(NOT_GIVEN)
    if address_key(email) == registration.email_key:
        raise ValidationError(OWN_ADDRESS)
    known = open_transfer(registration, now)
    if known and known.email_key == address_key(email):
        return known
    _end(registration, now)
    transfer = RegistrationTransfer.objects.create(registration=registration, email=email, created_at=now)
    transfer_mails.mail_proposal(transfer)
    return transfer


def is_giveable(registration: Registration, now: dt.datetime) -> bool:
    """Whether who holds a place may give it."""
    session = registration.session
    return registration.state == State.CONFIRMED and session.takes_place and now < session.starts_at


def open_transfer(registration: Registration, now: dt.datetime) -> RegistrationTransfer | None:
    """The proposal of a place that may still be accepted."""
    transfer = registration.transfers.filter(ended_at=None).first()
    if transfer is None:
        return None
    transfer.registration = registration
    return transfer if is_open(transfer, now) else None


def is_open(transfer: RegistrationTransfer, now: dt.datetime) -> bool:
    """Whether a proposal may still be accepted."""
    is_held = is_giveable(transfer.registration, now)
    return transfer.ended_at is None and is_held and now < transfer_mails.ends_at(transfer)


def _end(registration: Registration, now: dt.datetime) -> None:
    registration.transfers.filter(ended_at=None).update(ended_at=now)
    transfer_mails.forget_proposals(registration)


@transaction.atomic
def take_back(*, registration: Registration) -> Registration:
    """Keep a place that was proposed; without a proposal, nothing changes."""
    registration = locked(registration)
    _end(registration, timezone.now())
    return registration


def _locked_transfer(transfer: RegistrationTransfer) -> RegistrationTransfer:
    """A proposal as it is now, its session locked."""
    session = lock_session(transfer.registration.session_id)
    fresh = RegistrationTransfer.objects.select_related("registration", "taken_by").get(pk=transfer.pk)
    fresh.registration.session = session
    return fresh


@transaction.atomic
def decline(*, transfer: RegistrationTransfer) -> None:
    """The recipient does not want the place: whoever gives it is told. Raise ValidationError when it is closed."""
    now = timezone.now()
    transfer = _locked_transfer(transfer)
    if not is_open(transfer, now):
        raise ValidationError(CLOSED)
    _end(transfer.registration, now)
    transfer_mails.mail_declined(transfer)


@transaction.atomic
def accept_transfer(*, transfer: RegistrationTransfer, person: Person) -> Registration:
    """The place changes hands: the same seat, confirmed, or for the organiser to approve when the event asks.

    Accepted twice, it is accepted once. The address is that of the proposal, whatever ``person`` says. Raise
    ValidationError when the proposal is closed, when the recipient is registered already, or when the seat is kept
    for small communes.
    """
    now = timezone.now()
    transfer = _locked_transfer(transfer)
    giver = transfer.registration
    session = giver.session
    if transfer.taken_by:
        transfer.taken_by.session = session
        return transfer.taken_by
    if not is_open(transfer, now):
        raise ValidationError(CLOSED)
    if session.registrations.active().filter(email_key=transfer.email_key).exists():
        raise ValidationError(REGISTERED_ALREADY)
    seat = giver.seat
    move(giver, State.CANCELLED, reason=GIVEN)
    taker = _taker(transfer, person, now)
    seats = seats_of(session, taker.presence, now)
    if giver.is_small and not taker.is_small and seats.left_for_all == 0:
        raise ValidationError(KEPT_FOR_SMALL.format(population=session.event.small_population))
    taker.save()
    begin(taker)
    RegistrationTransfer.objects.filter(pk=transfer.pk).update(taken_by=taker)
    transfer_mails.mail_given(giver)
    if session.event.needs_approval:
        move(taker, State.AWAITING, seat=seat)
        mails.mail_awaiting(taker)
    else:
        move(taker, State.CONFIRMED, seat=seat)
        mails.mail_confirmed(taker)
    serve_queue(session, now)  # a seat kept for small communes may have become one for all
    return taker


def _taker(transfer: RegistrationTransfer, person: Person, now: dt.datetime) -> Registration:
    """The unsaved registration of who takes a place; the link that was mailed proves the address."""
    session = transfer.registration.session
    said = vars(person) | {"email": transfer.email, "answers": merged_answers({}, person.answers)}
    return Registration(
        identity=transfer.uuid.hex,
        session=session,
        presence=transfer.registration.presence,
        created_at=now,
        confirmed_at=now,
        rank=next_rank(session),
        is_small=is_small(session, person.commune),
        **said,
    )
