"""What happens to a session: seats added or taken away, moved, put off, cancelled. Those registered are told once."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from agenda.events.kinds import Presence, RegistrationState, SessionStatus
from agenda.models import EventSession, Registration
from agenda.models.sessions import SEATS
from agenda.registrations import mails
from agenda.registrations.queue import serve_queue
from agenda.registrations.seats import seats_of
from agenda.registrations.states import lock_session
from agenda.sessions.series import Dates

MESSAGE_NEEDED = "Écrivez aux inscrits ce qui change, et pourquoi."
OVER = "Cette séance est terminée : elle ne peut plus changer."
NO_END = "La fin suit le début : indiquez une heure plus tardive."
SERIES_MOVED = "L’organisateur a déplacé les séances de cette série."
CANCELLED_ALREADY = "Cette séance est annulée : rétablissez-la d’abord."


class FewerSeatsError(ValidationError):
    """A capacity under the number of seats that are held: nobody is dropped, and who organises says it is known."""

    def __init__(self, held: dict[Presence, int]):
        self.held = held
        told = ", ".join(f"{count} {presence.label}" for presence, count in held.items())
        super().__init__(
            f"Plus de places sont tenues que vous n’en laissez ({told}) : personne ne perdra la sienne, et aucune ne "
            "sera donnée tant qu’il y en a trop. Confirmez pour continuer."
        )


@transaction.atomic
def change_capacities(
    *, session: EventSession, capacities: dict[str, int | None], is_acknowledged: bool = False
) -> EventSession:
    """Change the seats of each presence (None: without limit); those that are added go to the queue.

    Raise FewerSeatsError when more are held and the organiser has not said that they know.
    """
    now = timezone.now()
    session = lock_session(session.pk)
    if not is_acknowledged:
        _check_seats(session, capacities)
    for presence, capacity in capacities.items():
        setattr(session, SEATS[Presence(presence)], capacity)
    session.save(update_fields=[*SEATS.values(), "changed_at"])
    serve_queue(session, now)
    return session


def _check_seats(session: EventSession, capacities: dict[str, int | None]) -> None:
    """Raise FewerSeatsError when a new capacity is under the number of seats that are held."""
    held = dict(session.registrations.seated().order_by().values_list("presence").annotate(count=Count("pk")))
    too_few = {
        Presence(presence): held[presence]
        for presence, capacity in capacities.items()
        if capacity is not None and capacity < held.get(presence, 0) and capacity != session.capacity(presence)
    }
    if too_few:
        raise FewerSeatsError(too_few)


@transaction.atomic
def move_session(  # noqa: PLR0913 - what makes a date
    *,
    session: EventSession,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    message: str,
    venue: str | None = None,
    by=None,
) -> EventSession:
    """Give a session another time, or another place; those who are registered are told once.

    What was set before the former start keeps its distance from it. Raise ValidationError when the session is over or
    cancelled, when the end does not follow the start, or when nothing is told.
    """
    session = _changeable(session, message)
    if ends_at <= starts_at:
        raise ValidationError(NO_END)
    shift = starts_at - session.starts_at
    for name in ("closes_at", "cancel_until"):
        if moment := getattr(session, name):
            setattr(session, name, moment + shift)
    session.starts_at, session.ends_at = starts_at, ends_at
    session.venue = session.venue if venue is None else venue
    _tell(session, _standing(session), message)
    _shorten_offers(session)
    serve_queue(session, timezone.now())
    return session


def _standing(session: EventSession) -> SessionStatus:
    """What a session that has a new date is: one that went online stays there, with those who follow it."""
    is_followed = session.registrations.active().filter(presence=Presence.REMOTE).exists()
    is_online = session.status == SessionStatus.MOVED_ONLINE or (
        is_followed and Presence.REMOTE not in session.event.presences
    )
    return SessionStatus.MOVED_ONLINE if is_online else SessionStatus.RESCHEDULED


def _shorten_offers(session: EventSession) -> None:
    """A seat is offered until the start at the latest."""
    for registration in session.registrations.filter(
        state=RegistrationState.OFFERED, offered_until__gt=session.starts_at
    ):
        registration.offered_until = session.starts_at
        registration.save()


@transaction.atomic
def move_online(*, session: EventSession, message: str) -> EventSession:
    """Nobody comes on site any more: everybody keeps their seat, or their rank, at a distance."""
    session = _changeable(session, message)
    seats = seats_of(session, Presence.REMOTE, timezone.now())
    onsite = session.registrations.filter(presence=Presence.ONSITE)
    for registration in onsite.seated().order_by("seat"):
        number = max(seats.taken, default=0) + 1
        seats = seats.with_taken(number, registration.is_small)
        registration.presence, registration.seat = Presence.REMOTE, number
        registration.save()
    onsite.update(presence=Presence.REMOTE)
    _tell(session, SessionStatus.MOVED_ONLINE, message)
    serve_queue(session, timezone.now())
    return session


@transaction.atomic
def postpone_session(*, session: EventSession, message: str) -> EventSession:
    """Put a session off, to a date not known yet: seats are kept until it is moved, or cancelled."""
    session = _changeable(session, message)
    return _tell(session, SessionStatus.POSTPONED, message)


@transaction.atomic
def cancel_session(*, session: EventSession, message: str) -> EventSession:
    """Cancel a session: everybody is told once, and nobody receives anything more. Seats stay as they were."""
    locked = lock_session(session.pk)
    if locked.status == SessionStatus.CANCELLED:
        return locked
    return _tell(_changeable(session, message), SessionStatus.CANCELLED, message)


@transaction.atomic
def restore_session(*, session: EventSession, message: str) -> EventSession:
    """A session that was cancelled or put off takes place after all, as it was."""
    session = lock_session(session.pk)
    if not message.strip():
        raise ValidationError(MESSAGE_NEEDED)
    if timezone.now() >= session.ends_at:
        raise ValidationError(OVER)
    _tell(session, _standing(session), message)
    serve_queue(session, timezone.now())
    return session


def _changeable(session: EventSession, message: str) -> EventSession:
    session = lock_session(session.pk)
    if not message.strip():
        raise ValidationError(MESSAGE_NEEDED)
    if timezone.now() >= session.ends_at:
        raise ValidationError(OVER)
    if session.status == SessionStatus.CANCELLED:
        raise ValidationError(CANCELLED_ALREADY)
    return session


def _tell(session: EventSession, status: SessionStatus, message: str) -> EventSession:
    """Write what became of the session, and tell everybody who is registered."""
    session.status, session.status_message = status, message.strip()
    session.sequence += 1
    session.full_clean(exclude=["event"])
    session.save()
    for registration in told_of_changes(session):
        registration.session = session
        mails.mail_session_changed(registration)
    return session


def told_of_changes(session: EventSession) -> list[Registration]:
    """Those whom a change concerns: registered, waiting or offered a seat; not those who left."""
    return list(session.registrations.active().order_by("rank"))


@transaction.atomic
def create_sessions(*, model: EventSession, dates: list[Dates]) -> list[EventSession]:
    """Write a session for each of these dates, as ``model`` is; what is set before its start keeps its distance.

    Several make a series, which is edited as one where nobody is registered. Raise ValidationError on dates that make
    no sense.
    """
    series = uuid.uuid4() if len(dates) > 1 else None
    found = []
    for one in dates:
        shift = one.starts_at - dates[0].starts_at
        session = EventSession(
            event=model.event,
            series=series,
            title=model.title,
            venue=model.venue,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            onsite_capacity=model.onsite_capacity,
            remote_capacity=model.remote_capacity,
            opens_at=model.opens_at,
            closes_at=model.closes_at and model.closes_at + shift,
            cancel_until=model.cancel_until and model.cancel_until + shift,
        )
        session.full_clean()
        session.save()
        found.append(session)
    return found


def series_from(session: EventSession, now: dt.datetime) -> QuerySet[EventSession]:
    """The sessions of a series from this one on that are not over, and take place; none outside a series."""
    if session.series is None:
        return EventSession.objects.none()
    rows = EventSession.objects.filter(event=session.event_id, series=session.series)
    return rows.filter(starts_at__gte=session.starts_at).to_come(now).taking_place()


@transaction.atomic
def change_series(
    *,
    session: EventSession,
    values: dict[str, Any],
    shift: dt.timedelta,
    includes_registered: bool,
    is_acknowledged: bool = False,
) -> tuple[list[EventSession], list[EventSession]]:
    """Change the sessions of a series from this one on: the same values, hours moved by as much.

    Those that have registrations are left alone unless ``includes_registered``: who is registered is then told of
    another time or place. Return what changed, and what was left. Nothing changes when anything is refused: raise
    ValidationError, FewerSeatsError as :func:`change_capacities` does.
    """
    changed, left = [], []
    for row in series_from(session, timezone.now()):
        locked = lock_session(row.pk)
        is_registered = locked.registrations.active().exists()
        if is_registered and not includes_registered:
            left.append(locked)
            continue
        if not is_acknowledged:
            _check_seats(locked, {presence: values[name] for presence, name in SEATS.items() if name in values})
        _apply(locked, values, shift, is_registered)
        changed.append(locked)
    return changed, left


def _apply(session: EventSession, values: dict[str, Any], shift: dt.timedelta, is_registered: bool) -> None:
    is_moved = bool(shift) or values.get("venue", session.venue) != session.venue
    for name, value in values.items():
        setattr(session, name, value)
    for name in ("starts_at", "ends_at", "closes_at", "cancel_until"):
        if moment := getattr(session, name):
            setattr(session, name, moment + shift)
    if is_registered and is_moved:
        _tell(session, _standing(session), SERIES_MOVED)
        _shorten_offers(session)
    else:
        session.sequence += is_moved
        session.full_clean(exclude=["event"])
        session.save()
    serve_queue(session, timezone.now())


@transaction.atomic
def edit_session(
    *, session: EventSession, values: dict[str, Any], message: str = "", is_acknowledged: bool = False
) -> EventSession:
    """Change what an organiser edits of a session; nothing is changed when anything is refused.

    Those who are registered are told of another time or place: a message is then needed. Raise ValidationError when it
    is missing, FewerSeatsError as :func:`change_capacities` does.
    """
    session = lock_session(session.pk)
    moment = {name: values[name] for name in ("starts_at", "ends_at", "venue")}
    is_moved = any(getattr(session, name) != value for name, value in moment.items())
    is_told = is_moved and session.registrations.active().exists()
    if is_told:
        move_session(session=session, message=message, **moment)
        session = lock_session(session.pk)
    for name, value in values.items():
        if name not in SEATS.values():
            setattr(session, name, value)
    session.sequence += is_moved and not is_told
    session.full_clean(exclude=["event"])
    session.save()
    capacities = {presence: values[name] for presence, name in SEATS.items() if name in values}
    return change_capacities(session=session, capacities=capacities, is_acknowledged=is_acknowledged)
