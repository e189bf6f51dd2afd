"""Reminders a week, a day and an hour before, thanks after: once each, to who is coming, of the true date."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agenda.events.kinds import RegistrationState as State
from agenda.jobs import remind_of_sessions, serve_queues
from agenda.registrations import services
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import enrol, fresh, make_event, make_session, states
from tests.factories import TerritoryFactory

KINDS = ("registration_reminder", "registration_after")


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def sent():
    mails = OutgoingMail.objects.filter(purpose__in=KINDS).exclude(state="cancelled").order_by("pk")
    return [(mail.recipient.split("@")[0], mail.subject.split(" :")[0]) for mail in mails]


def remind_at(freeze, moment):
    freeze(moment)
    OutgoingMail.objects.filter(purpose__in=KINDS).update(purpose="told")
    remind_of_sessions()
    remind_of_sessions()
    return sent()


def test_each_reminder_is_sent_once(freeze):
    session = make_session(starts_at=timezone.now() + timedelta(days=10))
    enrol(session, "anne")
    start = session.starts_at
    assert remind_at(freeze, start - timedelta(days=7, minutes=1)) == []
    assert remind_at(freeze, start - timedelta(days=7)) == [("anne", "Dans une semaine")]
    assert remind_at(freeze, start - timedelta(days=6)) == []
    assert remind_at(freeze, start - timedelta(days=1)) == [("anne", "Demain")]
    assert remind_at(freeze, start - timedelta(minutes=58)) == [("anne", "Dans une heure")]
    assert remind_at(freeze, start + timedelta(minutes=1)) == []
    assert remind_at(freeze, session.ends_at) == [("anne", "Merci d’être venu")]
    assert remind_at(freeze, session.ends_at + timedelta(days=1)) == []


def test_who_registers_late_is_not_reminded_of_what_they_have_just_read(freeze):
    session = make_session(starts_at=timezone.now() + timedelta(days=3))
    enrol(session, "anne")
    assert remind_at(freeze, "2027-03-01 10:05") == []
    assert remind_at(freeze, session.starts_at - timedelta(hours=23)) == [("anne", "Demain")]


def test_a_reminder_that_is_late_is_not_sent(freeze):
    session = make_session(starts_at=timezone.now() + timedelta(days=10))
    enrol(session, "anne")
    assert remind_at(freeze, session.starts_at - timedelta(days=3)) == []
    assert remind_at(freeze, session.starts_at - timedelta(minutes=10)) == []


def test_who_cancelled_and_who_waits_are_not_reminded(freeze):
    session = make_session(seats=1, starts_at=timezone.now() + timedelta(days=10))
    anne, _bruno = enrol(session, "anne"), enrol(session, "bruno")
    services.cancel_registration(registration=anne)
    assert remind_at(freeze, session.starts_at - timedelta(days=7)) == []


def test_session_that_moves_is_reminded_at_its_new_date(freeze):
    session = make_session(starts_at=timezone.now() + timedelta(days=10))
    enrol(session, "anne")
    former = session.starts_at
    assert remind_at(freeze, former - timedelta(days=7)) == [("anne", "Dans une semaine")]
    start = former + timedelta(days=20)
    session_services.move_session(
        session=session, starts_at=start, ends_at=start + timedelta(hours=2), message="Grève."
    )
    assert remind_at(freeze, former - timedelta(days=1)) == []
    assert remind_at(freeze, start - timedelta(days=7)) == [("anne", "Dans une semaine")]


def test_session_that_is_cancelled_reminds_nobody(freeze):
    session = make_session(starts_at=timezone.now() + timedelta(days=10))
    enrol(session, "anne")
    session_services.cancel_session(session=session, message="Neige.")
    assert remind_at(freeze, session.starts_at - timedelta(days=7)) == []
    assert remind_at(freeze, session.ends_at) == []


def test_only_those_who_came_are_thanked_when_the_door_was_kept(freeze):
    session = make_session(days=1)
    anne, _bruno = enrol(session, "anne"), enrol(session, "bruno")
    freeze(session.starts_at)
    services.check_in(registration=anne, by=None)
    assert remind_at(freeze, session.ends_at) == [("anne", "Merci d’être venu")]


def test_change_of_hour_does_not_move_a_reminder(freeze):
    freeze("2027-03-20 10:00")
    session = make_session(starts_at=datetime(2027, 3, 29, 7, 0, tzinfo=UTC))  # 9 h in Paris
    enrol(session, "anne")
    assert remind_at(freeze, "2027-03-28 08:59") == []
    assert remind_at(freeze, "2027-03-28 09:00") == [("anne", "Demain")]
    mail = OutgoingMail.objects.get(purpose="registration_reminder")
    assert "Lundi 29 mars 2027, de 9 h à 11 h" in mail.text.replace("\u00a0", " ")


def test_job_ends_late_offers_and_opens_the_kept_seats(freeze):
    session = make_session(make_event(small_quota=1, small_population=3500), seats=1, days=10)
    bruno = enrol(session, "bruno", commune=TerritoryFactory(population=90_000))
    assert (serve_queues(), bruno.state) == ("", State.WAITING)
    freeze(session.starts_at - timedelta(days=7))
    serve_queues()
    assert fresh(bruno).state == State.OFFERED
    freeze(session.starts_at - timedelta(days=5))
    assert serve_queues() == "Places proposées restées sans réponse : 1."
    assert states(session) == {"bruno": State.CANCELLED}
