"""The events of the demonstration: always alive, there once, fictitious, and nobody is written to."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from agenda.events.demo import load_events
from agenda.events.kinds import EventMode, RegistrationState, RegistrationWay, SessionStatus
from agenda.models import EventPage, EventSession, Registration
from agenda.registrations.seats import seats_of
from agenda.registrations.services import serve_queue
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.users.models import User
from tests.factories import UserFactory
from tests.filled_site import fill_once

REVIEWER = "revue@exemple.fr"
COUNT = 13


@pytest.fixture
def owner(home, small_france):
    return UserFactory(email=REVIEWER)


@pytest.fixture
def demo(home, small_france):
    fill_once(write_events)
    return User.objects.get(email=REVIEWER)


def write_events():
    call_command("load_actors", responsable=UserFactory(email=REVIEWER).email, fictifs=True, verbosity=0)
    assert len(list(load_events(User.objects.get(email=REVIEWER)))) == COUNT


def test_every_kind_of_event_is_there(demo):
    now = timezone.now()
    events = EventPage.objects.live_public()
    assert (events.count(), {event.mode for event in events}) == (COUNT, set(EventMode))
    assert {event.time_zone for event in events} == {"Europe/Paris", "Indian/Reunion", "America/Guadeloupe"}
    assert {event.registration_way for event in events} == set(RegistrationWay)
    assert any(event.needs_approval for event in events)
    sessions = EventSession.objects.all()
    assert set(sessions.values_list("status", flat=True)) >= {SessionStatus.CANCELLED, SessionStatus.POSTPONED}
    assert sessions.exclude(series=None).count() == 8
    [recorded] = [event for event in events if event.materials]
    assert [block.block_type for block in recorded.materials] == ["document", "video", "link"]
    assert recorded.sessions.get().ends_at < now
    assert {session.ends_at > now for session in sessions} == {True, False}
    assert any(session.local_end.date() > session.local_start.date() for session in sessions)


def test_seats_and_queue_are_those_of_real_registrations(demo):
    now = timezone.now()
    states = set(Registration.objects.values_list("state", flat=True))
    confirmed = {RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.AWAITING}
    assert states == confirmed | {RegistrationState.PRESENT, RegistrationState.ABSENT}
    full = EventSession.objects.with_taken().get(event__slug="atelier-rediger-une-subvention")
    assert (full.is_full, full.registrations.queue().count()) == (True, 3)
    assert serve_queue(full, now) == []
    for session in EventSession.objects.all():
        for presence in session.presences:
            left = seats_of(session, presence, now).left
            assert left is None or left >= 0
    assert all(registration.moves.count() == 2 for registration in Registration.objects.all())


def test_nobody_is_written_to_and_everything_looks_fictitious(demo):
    assert OutgoingMail.objects.count() == 0
    assert {email.split("@")[1] for email in Registration.objects.values_list("email", flat=True)} == {"exemple.fr"}
    for event in EventPage.objects.all():
        assert event.external_ref.startswith("demo:evenement:")
        assert "(fictif)" in event.title
        assert event.contact_email.endswith("@exemple.fr")
        assert not event.video_url or event.video_url.startswith("https://visio.exemple.fr/")


def test_events_lack_nothing_and_their_pages_work(demo, client):
    for event in EventPage.objects.all():
        assert publication_gaps(event) == []
        assert client.get(event.url).status_code == 200
    assert "Documents et replay" in client.get("/agenda/matinee-jardins-partages/").content.decode()
    assert "annulée" in client.get("/agenda/visite-halle/").content.decode().lower()
    for query in ("", "?quand=passes", f"?mois={timezone.localdate():%Y-%m}", "?export=ics", "?export=atom"):
        assert client.get(f"/agenda/{query}").status_code == 200


@pytest.mark.parametrize("today", ["2027-01-01 00:30", "2027-03-13 23:30", "2028-02-29 12:00", "2027-10-30 10:00"])
def test_dates_follow_the_day_when_they_are_loaded(owner, freeze, today):
    freeze(today)
    list(load_events(owner))
    starts = [session.local_start for session in EventSession.objects.select_related("event")]
    assert starts
    assert all(start.weekday() < 5 for start in starts)
    soon = timezone.now() + timedelta(days=12)
    assert any(timezone.now() < start < soon for start in starts)


def test_loaded_again_nothing_changes(demo):
    before = list(EventPage.objects.order_by("pk").values_list("pk", "latest_revision"))
    counts = EventSession.objects.count(), Registration.objects.count()
    assert list(load_events(demo)) == []
    assert list(EventPage.objects.order_by("pk").values_list("pk", "latest_revision")) == before
    assert (EventSession.objects.count(), Registration.objects.count()) == counts


def test_site_without_map_has_none(site):
    assert list(load_events(UserFactory())) == []
