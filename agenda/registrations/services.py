"""What a person does with a registration: asked, confirmed, changed, cancelled; and the door to the other verbs.

Each verb is one transaction under the lock of the session: seats, ranks and the queue are those of that instant. The
lock comes first, then the registration is read again. States move here, and in the modules beside this one, only.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agenda.events.kinds import ENDED
from agenda.models import EventSession, Registration
from agenda.models.registrations import address_key
from agenda.registrations import mails
from agenda.registrations.decisions import approve, check_in, mark_absents, refuse, undo_check_in
from agenda.registrations.queue import accept_offer, end_late_offers, enter, serve_queue, wait_again
from agenda.registrations.seats import seats_of
from agenda.registrations.states import (
    ENDED_ALREADY,
    OTHER_PRESENCE,
    OVER,
    Person,
    State,
    begin,
    check_is_open,
    is_small,
    lock_session,
    locked,
    merged_answers,
    move,
)

__all__ = [
    "Person",
    "accept_offer",
    "approve",
    "cancel_registration",
    "change_registration",
    "check_in",
    "confirm",
    "end_late_offers",
    "join_list",
    "leave_list",
    "lock_session",
    "mark_absents",
    "refuse",
    "register",
    "serve_queue",
    "undo_check_in",
    "wait_again",
]

TOO_LATE = "Le délai pour se désinscrire est passé : écrivez à l’organisation."
NO_SEAT_THERE = "Il ne reste pas de place dans cette modalité : votre inscription n’a pas changé."
NO_LIST = "Cet événement ne montre pas de liste des participants."


@transaction.atomic
def register(*, session: EventSession, presence: str, person: Person, identity: str) -> Registration | None:
    """Keep a form that holds no seat yet, and mail the link that confirms the address.

    ``identity`` is that of one opening of the form: sent twice, it is one registration. Whoever is registered already
    receives the link to that registration instead, and None is returned: the screen says the same to all. Raise
    ValidationError when the session takes no registration.
    """
    now = timezone.now()
    session = lock_session(session.pk)
    check_is_open(session, presence, now)
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
            "answers": merged_answers({}, person.answers),
        },
    )
    if is_new:
        begin(registration)
        mails.mail_confirmation_link(registration)
    return registration


@transaction.atomic
def confirm(*, registration: Registration) -> Registration:
    """The address is proved: take a seat or a place in the queue, or wait for the organiser; first come, first served.

    Confirmed twice, it is confirmed once. Another registration of the same address is given back instead, when there
    is one. Raise ValidationError when registration is closed, or full without a waiting list.
    """
    now = timezone.now()
    registration = locked(registration)
    session = registration.session
    if registration.state != State.TO_CONFIRM:
        return registration
    known = session.registrations.active().filter(email_key=registration.email_key).first()
    if known:
        return known
    check_is_open(session, registration.presence, now)
    enter(registration, now)
    return registration


@transaction.atomic
def cancel_registration(
    *, registration: Registration, by=None, reason: str = "", is_late_accepted: bool = False
) -> Registration:
    """Give up a registration; its seat goes to the next one. ``by`` is the organiser, None the person.

    Cancelled twice, it is cancelled once. Raise ValidationError when it is refused, when the session is over, or when
    the person is late, unless it is accepted.
    """
    now = timezone.now()
    registration = locked(registration)
    session = registration.session
    if registration.state == State.CANCELLED:
        return registration
    if registration.state in ENDED:
        raise ValidationError(ENDED_ALREADY.format(state=registration.get_state_display()))
    if registration.state in (State.PRESENT, State.ABSENT) or now >= session.ends_at:
        raise ValidationError(OVER)
    is_late = by is None and registration.state == State.CONFIRMED and now > session.last_cancellation_at
    if is_late and not is_late_accepted:
        raise ValidationError(TOO_LATE)
    was_told = registration.state != State.TO_CONFIRM
    move(registration, State.CANCELLED, by=by, reason=reason)
    if was_told:
        mails.mail_cancelled(registration, reason if by else "")
    serve_queue(session, now)
    return registration


@transaction.atomic
def change_registration(*, registration: Registration, presence: str, person: Person, by=None) -> Registration:
    """Change what somebody said, but the address; another presence needs a free seat there.

    Who waits is offered the seat that what they say now makes theirs; a seat left behind goes to the next one.
    Raise ValidationError when there is none, or when the registration is ended or over.
    """
    now = timezone.now()
    registration = locked(registration)
    session = registration.session
    if registration.state in ENDED:
        raise ValidationError(ENDED_ALREADY.format(state=registration.get_state_display()))
    if now >= session.ends_at:
        raise ValidationError(OVER)
    said = vars(person) | {"answers": merged_answers(registration.answers, person.answers)}
    for name, value in said.items():
        if name != "email":
            setattr(registration, name, value)
    if registration.seat is None:
        registration.is_small = is_small(session, registration.commune)
    if presence != registration.presence:
        _change_presence(registration, presence, now)
    registration.save()
    serve_queue(session, now)
    registration.refresh_from_db()  # the queue may have served this very person
    registration.session = session
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


@transaction.atomic
def join_list(*, registration: Registration) -> Registration:
    """Agree to be in the list of participants. Raise ValidationError when there is none, or for who is not coming."""
    registration = locked(registration)
    if not registration.session.event.lists_participants:
        raise ValidationError(NO_LIST)
    if registration.state in ENDED:
        raise ValidationError(ENDED_ALREADY.format(state=registration.get_state_display()))
    registration.in_list = True
    registration.save()
    return registration


@transaction.atomic
def leave_list(*, registration: Registration) -> Registration:
    """Leave the list of participants: possible at any time (RGPD, article 7, 3)."""
    registration = locked(registration)
    registration.in_list = False
    registration.save()
    return registration
