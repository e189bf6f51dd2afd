"""Seats added or taken away, sessions moved, put off, cancelled: nobody is dropped, everybody is told once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from agenda.events.kinds import EventMode, SessionStatus
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventSession
from agenda.registrations import services
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session, states


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def told():
    mails = OutgoingMail.objects.filter(purpose="registration_session_changed").order_by("recipient", "pk")
    return [mail.recipient.split("@")[0] for mail in mails]


def resize(session, seats, **more):
    return session_services.change_capacities(session=session, capacities={"presentiel": seats}, **more)


def test_seats_that_are_added_go_to_the_queue_in_its_order():
    session = make_session(seats=1)
    for name in ("anne", "bruno", "chloe", "david"):
        enrol(session, name)
    resize(session, 3)
    assert states(session) == {
        "anne": State.CONFIRMED,
        "bruno": State.OFFERED,
        "chloe": State.OFFERED,
        "david": State.WAITING,
    }
    resize(session, None)
    assert states(session)["david"] == State.OFFERED


def test_fewer_seats_than_people_asks_and_drops_nobody():
    session = make_session(seats=3)
    anne = enrol(session, "anne")
    for name in ("bruno", "chloe"):
        enrol(session, name)
    with pytest.raises(session_services.FewerSeatsError) as raised:
        resize(session, 1)
    assert raised.value.held == {"presentiel": 3}
    assert "3 sur place" in raised.value.messages[0]
    session.refresh_from_db()
    assert session.onsite_capacity == 3
    resize(session, 1, is_acknowledged=True)
    assert set(states(session).values()) == {State.CONFIRMED}
    assert enrol(session, "david").state == State.WAITING
    services.cancel_registration(registration=anne)
    assert states(session)["david"] == State.WAITING
    services.cancel_registration(registration=session.registrations.get(email_key="bruno@exemple.fr"))
    services.cancel_registration(registration=session.registrations.get(email_key="chloe@exemple.fr"))
    assert states(session)["david"] == State.OFFERED


def test_session_that_moves_tells_who_is_registered_and_their_calendars(freeze):
    session = make_session(seats=2, closes_at=timezone.now() + timedelta(days=20))
    for name in ("anne", "bruno", "chloe"):
        enrol(session, name)
    ask(session, "david")
    services.cancel_registration(registration=session.registrations.get(email_key="bruno@exemple.fr"))
    start = timezone.now() + timedelta(days=40)
    moved = session_services.move_session(
        session=session, starts_at=start, ends_at=start + timedelta(hours=3), message="La salle est prise."
    )
    assert (moved.status, moved.sequence, moved.status_message) == (
        SessionStatus.RESCHEDULED,
        1,
        "La salle est prise.",
    )
    assert moved.closes_at == timezone.now() + timedelta(days=30)
    assert told() == ["anne", "chloe"]
    mail = OutgoingMail.objects.get(purpose="registration_session_changed", recipient="anne@exemple.fr")
    assert "La salle est prise." in mail.text
    entry = Calendar.from_ical(bytes(mail.attachments.get().content)).walk("VEVENT")[0]
    assert (entry["UID"], entry["SEQUENCE"], entry.decoded("DTSTART")) == (f"{session.uuid}@testserver", 1, start)


def test_offer_never_outlives_the_start():
    session = make_session(seats=1, days=10)
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno")
    services.cancel_registration(registration=anne)
    start = timezone.now() + timedelta(hours=5)
    session_services.move_session(
        session=session, starts_at=start, ends_at=start + timedelta(hours=1), message="Avancée."
    )
    assert fresh(bruno).offered_until == start


@pytest.mark.parametrize(
    ("verb", "status", "ics"),
    [
        ("cancel_session", SessionStatus.CANCELLED, "CANCELLED"),
        ("postpone_session", SessionStatus.POSTPONED, "TENTATIVE"),
    ],
)
def test_session_that_does_not_take_place_keeps_its_people_and_takes_nobody(verb, status, ics):
    session = make_session(seats=2)
    registration = enrol(session, "anne")
    pending = ask(session, "bruno")
    act = getattr(session_services, verb)
    with pytest.raises(ValidationError):
        act(session=session, message=" ")
    changed = act(session=session, message="Il neige.")
    assert (changed.status, fresh(registration).state, told()) == (status, State.CONFIRMED, ["anne"])
    with pytest.raises(ValidationError, match=r"n’a pas lieu"):
        services.confirm(registration=pending)
    mail = OutgoingMail.objects.get(purpose="registration_session_changed")
    entry = Calendar.from_ical(bytes(mail.attachments.get().content)).walk("VEVENT")[0]
    assert str(entry["STATUS"]) == ics
    restored = session_services.restore_session(session=session, message="Il ne neige plus.")
    assert (restored.status, restored.sequence) == (SessionStatus.RESCHEDULED, 2)
    assert told() == ["anne", "anne"]


def test_cancelling_twice_tells_once():
    session = make_session()
    enrol(session, "anne")
    for _ in range(2):
        session_services.cancel_session(session=session, message="Il neige.")
    assert told() == ["anne"]
    start = timezone.now() + timedelta(days=3)
    with pytest.raises(ValidationError, match="rétablissez-la"):
        session_services.move_session(
            session=session, starts_at=start, ends_at=start + timedelta(hours=1), message="Non."
        )


def test_everybody_keeps_a_seat_when_a_session_moves_online():
    session = make_session(
        make_event(mode=EventMode.HYBRID, video_url="https://v.exemple.fr/"), seats=2, remote_seats=1
    )
    for name, presence in (
        ("anne", "presentiel"),
        ("bruno", "presentiel"),
        ("chloe", "presentiel"),
        ("david", REMOTE),
    ):
        enrol(session, name, presence)
    moved = session_services.move_online(session=session, message="Salle fermée.")
    assert moved.presences == (REMOTE,)
    rows = dict(session.registrations.values_list("email_key", "presence"))
    assert set(rows.values()) == {REMOTE}
    assert states(session) == {
        "anne": State.CONFIRMED,
        "bruno": State.CONFIRMED,
        "chloe": State.WAITING,
        "david": State.CONFIRMED,
    }
    seats = session.registrations.seated().values_list("seat", flat=True)
    assert sorted(seats) == [1, 2, 3]
    assert told() == ["anne", "bruno", "chloe", "david"]


@pytest.mark.parametrize("mode", [EventMode.ONSITE, EventMode.HYBRID])
def test_session_that_went_online_stays_there_when_it_moves_or_is_restored(mode):
    session = make_session(make_event(mode=mode), days=20)
    enrol(session, "anne")
    session = session_services.move_online(session=session, message="Salle fermée.")
    start = timezone.now() + timedelta(days=25)
    moved = session_services.move_session(
        session=session, starts_at=start, ends_at=start + timedelta(hours=1), message="Plus tard."
    )
    assert (moved.status, moved.presences) == (SessionStatus.MOVED_ONLINE, (REMOTE,))


def test_session_on_site_that_went_online_is_restored_online():
    session = make_session()
    enrol(session, "anne")
    session_services.move_online(session=session, message="Salle fermée.")
    session_services.cancel_session(session=session, message="Panne.")
    restored = session_services.restore_session(session=session, message="Réparé.")
    assert (restored.status, restored.presences) == (SessionStatus.MOVED_ONLINE, (REMOTE,))


def test_session_that_is_over_changes_no_more(freeze):
    session = make_session(days=1)
    freeze("2027-03-03 10:00")
    for verb in ("cancel_session", "postpone_session", "move_online", "restore_session"):
        with pytest.raises(ValidationError, match="terminée"):
            getattr(session_services, verb)(session=session, message="Trop tard.")


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": -1},
        {"hours": 0},
        {"closes_at": 40},
        {"cancel_until": 31},
        {"opens_at": 20, "closes_at": 10},
        {"status": SessionStatus.CANCELLED},
    ],
)
def test_database_refuses_a_session_that_makes_no_sense(fields):
    for name in {"closes_at", "cancel_until", "opens_at"} & fields.keys():
        fields[name] = timezone.now() + timedelta(days=fields[name])
    event = make_event()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_session(event, **fields)
    assert EventSession.objects.count() == 0
