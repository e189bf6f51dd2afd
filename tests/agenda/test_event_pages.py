"""The page of an event: its sessions, what one may do, and what nobody but the confirmed may read."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from agenda.events.kinds import EventMode, RegistrationWay, SessionStatus
from agenda.models import EventPage
from tests.agenda.events import complete_event, enrol, make_event, make_session
from tests.factories import TerritoryFactory
from tests.query_costs import cost_of_visit

SECRET = "https://visio.exemple.fr/secret-9137"
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def text_of(html):
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", NBSP).split())


def events_of(html) -> list[dict]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [event for data in map(json.loads, blocks) for event in data.get("@graph", [])]


def test_sessions_are_shown_at_the_time_of_the_place_and_of_paris(client):
    event = make_event(time_zone="Indian/Reunion", commune=TerritoryFactory(name="Saint-Denis"))
    make_session(event, seats=12, starts_at=timezone.now() + timedelta(days=2))
    html = read(client, event.url)
    said = text_of(html).replace(NBSP, " ")
    assert "Mercredi 3 mars 2027, de 13 h à 15 h (heure de La Réunion)" in said
    assert "mercredi 3 mars 2027, de 10 h à 12 h (heure de Paris)" in said
    assert "Il reste 12 places sur place." in said
    assert (html.count("<h1"), "S’inscrire</a>" in html) == (1, True)


def test_each_session_is_an_event_for_search_engines(client):
    event = make_event(mode=EventMode.HYBRID, video_url=SECRET, latitude=46.17, longitude=1.87)
    make_session(event, title="Première")
    make_session(event, status=SessionStatus.CANCELLED, status_message="Neige.", days=40)
    make_session(event, days=-3)
    first, second = events_of(read(client, event.url))
    assert (first["name"], first["startDate"]) == ("Atelier fictif – Première", "2027-03-31T11:00:00+02:00")
    assert first["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in first["location"]] == ["Place", "VirtualLocation"]
    assert first["location"][0]["geo"] == {"@type": "GeoCoordinates", "latitude": 46.17, "longitude": 1.87}
    assert (first["eventStatus"], second["eventStatus"]) == (
        "https://schema.org/EventScheduled",
        "https://schema.org/EventCancelled",
    )


def test_link_of_the_video_call_is_shown_nowhere_in_public(client):
    event = make_event(mode=EventMode.REMOTE, video_url=SECRET, video_note="Code secret-9137")
    session = make_session(event)
    for url in (event.url, f"{event.url}?export=ics", "/agenda/", "/agenda/?export=csv", "/agenda/?export=ics"):
        response = client.get(url)
        assert response.status_code == 200
        assert "secret-9137" not in response.getvalue().decode(), url
    registration = enrol(session, presence="distance")
    assert registration.session.event.video_url == SECRET


@pytest.mark.parametrize(
    ("event", "session", "said", "can"),
    [
        ({}, {"seats": 0}, "S’inscrire sur la liste d’attente", True),
        ({"has_waiting_list": False}, {"seats": 0}, "Complet", True),
        ({}, {"opens_at": 5}, "Inscriptions à partir du samedi 6 mars 2027 à 10 h (heure de Paris)", False),
        ({}, {"closes_at": -1}, "Inscriptions closes", False),
        ({}, {"status": SessionStatus.CANCELLED, "status_message": "Il neige."}, "Annulée Il neige.", False),
        ({"registration_way": RegistrationWay.NONE}, {}, "Entrée libre, sans inscription.", False),
        (
            {"registration_way": RegistrationWay.EXTERNAL, "registration_url": "https://ailleurs.exemple.fr/"},
            {},
            "S’inscrire sur un autre site",
            False,
        ),
    ],
)
def test_what_one_may_do_is_said(client, event, session, said, can):
    for name in {"opens_at", "closes_at"} & session.keys():
        session[name] = timezone.now() + timedelta(days=session[name])
    page = make_event(**event)
    row = make_session(page, **session)
    html = read(client, page.url)
    assert said in text_of(html)
    assert (f'href="/agenda/inscription/{row.uuid}/"' in html) is can


def test_event_costs_the_same_with_one_session_and_with_three(client):
    costs = {}
    for count in (1, 3):
        event = make_event()
        for rank in range(count):
            enrol(make_session(event, seats=2, days=rank + 1), f"p{rank}")
        client.get(event.url)
        costs[count] = [cost_of_visit(client, event.url, is_cold=is_cold) for is_cold in (False, True)]
    assert costs[1] == costs[3]
    assert costs[1][0] <= 15
    assert costs[1][1] <= 20


def test_calendar_of_an_event_is_valid_and_keeps_its_identity(client):
    event = make_event(title="Café, thé ; et après")
    session = make_session(event, title="L’été", starts_at=timezone.now() + timedelta(days=2))
    response = client.get(f"{event.url}?export=ics")
    raw = response.content
    assert (response["Content-Type"], b"\r\n" in raw) == ("text/calendar; charset=utf-8", True)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    entry = Calendar.from_ical(raw).walk("VEVENT")[0]
    assert (entry["UID"], entry["SEQUENCE"]) == (f"{session.uuid}@testserver", 0)
    assert entry.decoded("DTSTART") == session.starts_at
    assert (str(entry["SUMMARY"]), str(entry["STATUS"])) == ("Café, thé ; et après – L’été", "CONFIRMED")
    assert b"DTSTART:20270303T090000Z" in raw


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({"kind": ""}, ["kind"]),
        ({"mode": "", "venue": "", "commune": None}, ["mode"]),
        ({"description": "<p> </p>"}, ["description"]),
        ({"venue": " "}, ["venue"]),
        ({"commune": None}, ["commune"]),
        ({"organisers_text": ""}, ["organisers_text"]),
        ({"access_unknown": False}, ["access_measures"]),
        ({"registration_way": "externe"}, ["registration_url"]),
        ({"mode": "distance", "venue": "", "commune": None}, []),
    ],
)
def test_event_that_lacks_something_is_not_published(changes, gaps):
    event = complete_event(live=False)
    for name, value in changes.items():
        setattr(event, name, value)
    assert [gap.field for gap in event.content_gaps()] == gaps


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latitude": 46.1}, "longitude"),
        ({"access_text": "Rampe."}, "access_unknown"),
        ({"video_url": SECRET}, "video_url"),
        ({"registration_url": "https://exemple.fr/"}, "registration_url"),
    ],
)
def test_event_that_contradicts_itself_is_refused(changes, field):
    from django.core.exceptions import ValidationError

    event = complete_event()
    for name, value in changes.items():
        setattr(event, name, value)
    with pytest.raises(ValidationError) as raised:
        event.clean()
    assert list(raised.value.message_dict) == [field]


def test_draft_of_an_event_may_be_empty():
    event = make_event(live=False, kind="", mode="", description="", venue="", commune=None, organisers_text="")
    assert EventPage.objects.get(pk=event.pk).live is False
