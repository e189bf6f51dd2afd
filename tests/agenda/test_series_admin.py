"""« Cette séance et les suivantes »: sessions where people are registered are left alone unless it is said."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agenda.events.kinds import SessionStatus
from agenda.models import EventSession
from agenda.registrations import services as registration_services
from agenda.sessions import services as session_services
from agenda.sessions.series import Dates
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import enrol, fresh, make_event, make_session
from tests.agenda.organising import is_refused, make_stranger, signed_in, text

pytestmark = pytest.mark.ignore_template_errors
BOX = "Modifier aussi les séances où des personnes sont inscrites : elles seront prévenues"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def organiser(editor):
    return signed_in(editor)


def make_series(count=3, **fields) -> list[EventSession]:
    """Sessions of a series, a week apart."""
    event = fields.pop("event", None) or make_event()
    first = timezone.now() + timedelta(days=30)
    dates = [Dates(first + timedelta(weeks=week), first + timedelta(weeks=week, hours=2)) for week in range(count)]
    return session_services.create_sessions(model=EventSession(event=event, **fields), dates=dates)


def url(session):
    return reverse("seances:series", args=[session.pk])


def change(client, session, version=None, **fields):
    page = client.get(url(session))
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in ("title", "venue", "onsite_capacity") if name in form.fields}
    version = version or re.search(r'name="version" value="([^"]*)"', page.content.decode())[1]
    return client.post(url(session), {**data, "version": version, **fields}, follow=True)


def titles(sessions) -> list[str]:
    return [EventSession.objects.get(pk=session.pk).title for session in sessions]


def told() -> list[str]:
    mails = OutgoingMail.objects.filter(purpose="registration_session_changed").order_by("pk")
    return [mail.recipient.split("@")[0] for mail in mails]


def test_series_changes_from_a_session_on(organiser):
    sessions = make_series()
    said = text(change(organiser, sessions[1], title="Suite"))
    assert titles(sessions) == ["", "Suite", "Suite"]
    assert "Séances modifiées (2)" in said


def test_sessions_with_registrations_are_said_before_and_left_alone(organiser):
    sessions = make_series()
    enrol(sessions[1], "anne")
    page = text(organiser.get(url(sessions[0])))
    assert "1 inscription" in page
    assert "laissée telle quelle, sauf si vous cochez la case" in page
    assert BOX in page
    said = text(change(organiser, sessions[0], shift="60", title="Tard"))
    assert titles(sessions) == ["Tard", "", "Tard"]
    assert "Séances modifiées (2)" in said
    assert "Séances laissées telles quelles, des personnes y sont inscrites (1)" in said
    moved = [EventSession.objects.get(pk=session.pk).starts_at - session.starts_at for session in sessions]
    assert moved == [timedelta(hours=1), timedelta(0), timedelta(hours=1)]
    assert told() == []


@pytest.mark.parametrize("fields", [{"shift": "-30"}, {"venue": "Mairie"}, {"shift": "60", "venue": "Mairie"}])
def test_box_changes_them_as_well_and_tells_once(organiser, fields):
    sessions = make_series()
    registration = enrol(sessions[1], "anne")
    said = text(change(organiser, sessions[0], includes_registered="on", **fields))
    assert "Séances modifiées (3)" in said
    assert told() == ["anne"]
    session = EventSession.objects.get(pk=sessions[1].pk)
    assert (session.status, session.sequence) == (SessionStatus.RESCHEDULED, 1)
    assert fresh(registration).state == "confirmee"


def test_title_and_seats_change_without_a_mail(organiser):
    sessions = make_series(onsite_capacity=1)
    for name in ("anne", "bruno"):
        enrol(sessions[1], name)
    change(organiser, sessions[0], includes_registered="on", onsite_capacity="2", title="Plus grand")
    assert told() == []
    assert titles(sessions) == ["Plus grand"] * 3
    assert EventSession.objects.get(pk=sessions[1].pk).registrations.filter(state="proposee").count() == 1


def test_what_is_not_edited_keeps_its_own_value_elsewhere(organiser):
    sessions = make_series(title="Atelier", onsite_capacity=10)
    EventSession.objects.filter(pk=sessions[2].pk).update(title="Bilan")
    change(organiser, sessions[0], onsite_capacity="20")
    assert titles(sessions) == ["Atelier", "Atelier", "Bilan"]
    assert set(EventSession.objects.values_list("onsite_capacity", flat=True)) == {20}


def test_fewer_seats_than_people_asks_and_changes_nothing_before(organiser):
    sessions = make_series(onsite_capacity=5)
    for name in ("anne", "bruno"):
        enrol(sessions[1], name)
    asked = {"includes_registered": "on", "onsite_capacity": "1"}
    response = change(organiser, sessions[0], **asked)
    assert "Plus de places sont tenues" in text(response)
    assert set(EventSession.objects.values_list("onsite_capacity", flat=True)) == {5}
    change(organiser, sessions[0], is_acknowledged="on", **asked)
    assert set(EventSession.objects.values_list("onsite_capacity", flat=True)) == {1}
    assert sessions[1].registrations.seated().count() == 2


def test_series_sent_twice_moves_once(organiser):
    sessions = make_series()
    enrol(sessions[0], "anne")
    page = organiser.get(url(sessions[0]))
    version = re.search(r'name="version" value="([^"]*)"', page.content.decode())[1]
    for _ in range(2):
        response = change(organiser, sessions[0], version=version, shift="60")
    assert "Cette série a changé depuis" in text(response)
    assert EventSession.objects.get(pk=sessions[1].pk).starts_at - sessions[1].starts_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Rien ne change"),
        ({"shift": "abc"}, "un nombre entier de minutes"),
        ({"shift": "10081"}, "10 080 minutes"),
        ({"shift": "-10081"}, "10 080 minutes"),
        ({"onsite_capacity": "-1"}, ""),
        ({"title": "x" * 151}, ""),
        ({"title": "Suite", "version": "pirate"}, "Cette série a changé depuis"),
    ],
)
def test_series_that_makes_no_sense_is_refused_in_words(organiser, fields, words):
    sessions = make_series()
    response = change(organiser, sessions[0], **fields)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert words in text(response)
    assert [EventSession.objects.get(pk=row.pk).starts_at for row in sessions] == [row.starts_at for row in sessions]


def test_refusal_of_one_date_changes_none(organiser):
    sessions = make_series()
    EventSession.objects.filter(pk=sessions[2].pk).update(
        opens_at=sessions[2].starts_at - timedelta(minutes=30), closes_at=sessions[2].starts_at - timedelta(minutes=10)
    )
    response = change(organiser, sessions[0], shift="-60", title="Tôt")
    assert "ferment avant d’ouvrir" in text(response)
    assert titles(sessions) == [""] * 3


def test_cancelled_and_past_sessions_are_left_out(organiser, freeze):
    sessions = make_series(4)
    session_services.cancel_session(session=sessions[2], message="Fermé")
    change(organiser, sessions[0], title="Suite")
    assert titles(sessions) == ["Suite", "Suite", "", "Suite"]


def test_offer_ends_at_the_new_start(organiser, freeze):
    event = make_event(offer_hours=300)
    sessions = make_series(2, event=event, onsite_capacity=1)
    anne = enrol(sessions[0], "anne")
    bruno = enrol(sessions[0], "bruno")
    freeze("2027-03-29 10:00")
    registration_services.cancel_registration(registration=anne)
    session_services.change_series(session=sessions[0], values={}, shift=timedelta(hours=-5), includes_registered=True)
    assert fresh(bruno).offered_until == EventSession.objects.get(pk=sessions[0].pk).starts_at


def test_lone_session_has_no_series(organiser):
    session, other = make_session(), make_session()
    assert organiser.get(url(session)).status_code == 404
    assert organiser.post(url(session), {"title": "Piraté", "version": "1"}).status_code == 404
    session_services.change_series(
        session=session, values={"title": "Non"}, shift=timedelta(0), includes_registered=True
    )
    assert titles([session, other]) == ["", ""]
    assert "suivantes de la série" not in text(organiser.get(reverse("seances:edit", args=[session.pk])))


def test_get_changes_nothing(organiser):
    sessions = make_series()
    assert organiser.get(url(sessions[0]), {"title": "Suite"}).status_code == 200
    assert titles(sessions) == [""] * 3
    assert "suivantes de la série" in text(organiser.get(reverse("seances:edit", args=[sessions[0].pk])))


def test_stranger_changes_no_series():
    sessions = make_series()
    stranger = make_stranger()
    assert is_refused(stranger.get(url(sessions[0])))
    assert is_refused(stranger.post(url(sessions[0]), {"title": "Piraté", "version": "1"}))
    assert titles(sessions) == [""] * 3
