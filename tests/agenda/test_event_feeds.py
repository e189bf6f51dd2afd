"""Every filtered agenda is a feed: the events to come that it lists, in valid RSS 2.0 and Atom, with their date."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from agenda.events.kinds import EventKind, EventMode
from agenda.models import EventPage
from agenda.sessions import services as session_services
from tests.agenda.events import make_event, make_session
from tests.factories import ThemeFactory
from tests.query_costs import cost_of_visit

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"
SECRET = "https://visio.exemple.fr/secret-9137"


@pytest.fixture(autouse=True)
def now(home, freeze, settings):
    settings.SITE_URL = SITE
    freeze("2027-03-10 10:00")


@pytest.fixture
def events(home):
    theme = ThemeFactory(name="Eau & rivières", slug="eau")
    make_session(make_event(title="Été <vert> & « sec »", summary="3 < 4 & œuvre.", themes=[theme]), days=20, seats=3)
    remote = make_event(title="À distance", mode=EventMode.REMOTE, kind=EventKind.WEBINAR, video_url=SECRET)
    make_session(remote, days=5)
    make_session(make_event(title="Passé"), days=-5)
    make_event(title="Brouillon", live=False)
    hidden = make_event(title="Privé")
    make_session(hidden, days=3)
    PageViewRestriction.objects.create(page=hidden.basepage_ptr, restriction_type="login")


def feed_of(client, query="", form="rss"):
    response = client.get(f"/agenda/?{query}{'&' if query else ''}export={form}")
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert response["Content-Type"].startswith(f"application/{form}+xml")
    return ET.fromstring(response.content)  # noqa: S314 (nobody else wrote it)


def titles(client, query=""):
    return {item.findtext("title") for item in feed_of(client, query).iterfind("channel/item")}


@pytest.mark.parametrize(("form", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_readers_find_nothing_malformed(client, events, form, version):
    read = feedparser.parse(client.get(f"/agenda/?export={form}").content)
    assert (read.bozo, read.version) == (False, version)
    assert {entry.title for entry in read.entries} == {"Été <vert> & « sec »", "À distance"}
    assert all(entry.id.startswith("urn:uuid:") for entry in read.entries)
    assert "secret" not in str(read)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Été <vert> & « sec »", "À distance"}),
        ("thematique=eau", {"Été <vert> & « sec »"}),
        ("type=webinaire", {"À distance"}),
        ("mode=distance", {"À distance"}),
        ("du=2027-03-10&au=2027-03-20", {"À distance"}),
        ("quand=passes", {"Passé"}),
        ("mois=2027-13&type=vol&du=demain&limite=0&page=9&tri=x", {"Été <vert> & « sec »", "À distance"}),
        ("thematique=eau&territoire=commune:99999", {"Été <vert> & « sec »"}),
    ],
)
def test_feed_follows_the_filters_and_leaves_aside_what_is_wrong(client, events, query, expected):
    assert titles(client, query) == expected


def test_item_says_when_and_where_and_moves_with_its_session(client, freeze):
    event = make_event(title="Atelier", summary="On y apprend.")
    session = make_session(event, days=20)
    [item] = feed_of(client).iterfind("channel/item")
    said = item.findtext("description").replace("\u00a0", " ")
    assert said == "Mardi 30 mars 2027, de 11 h à 13 h – Guéret – On y apprend."
    freeze("2027-03-12 10:00")
    start = timezone.now() + timedelta(days=30)
    session_services.move_session(
        session=session, starts_at=start, ends_at=start + timedelta(hours=1), message="Salle prise."
    )
    [entry] = feed_of(client, form="atom").iterfind(f"{ATOM}entry")
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == datetime(2027, 3, 12, 9, tzinfo=UTC)
    said = entry.findtext(f"{ATOM}summary").replace("\u00a0", " ")
    assert said == "Dimanche 11 avril 2027, de 11 h à 12 h – Replanifiée – Guéret – On y apprend."


def test_page_announces_its_feeds_with_its_filters(client, events):
    html = client.get("/agenda/?thematique=eau&tri=recent").content.decode()
    head, body = html.split("</head>")
    for form in ("rss", "atom"):
        url = f'href="/agenda/?thematique=eau&amp;export={form}"'
        assert f'type="application/{form}+xml"' in head
        assert (url in head, url in body) == (True, True)
    assert "Suivre ces événements dans un lecteur de flux" in body
    channel = feed_of(client, "thematique=eau").find("channel")
    assert channel.findtext("title").startswith("Agenda – Eau & rivières – ")
    assert channel.findtext("link") == f"{SITE}/agenda/?thematique=eau"


def test_newest_events_come_first_and_may_be_limited(client, events):
    EventPage.objects.filter(title="À distance").update(first_published_at=datetime(2027, 1, 1, tzinfo=UTC))
    shown = [item.findtext("title") for item in feed_of(client, "limite=1").iterfind("channel/item")]
    assert shown == ["Été <vert> & « sec »"]


def test_feed_costs_the_same_with_one_event_and_with_three(client):
    costs = []
    for title in ("Un", "Deux", "Trois"):
        make_session(make_event(title=title))
        if title != "Deux":
            client.get("/agenda/?export=rss")
            costs.append([cost_of_visit(client, "/agenda/?export=rss", is_cold=cold) for cold in (False, True)])
    assert costs[0] == costs[1]
    assert costs[0][0] <= 15
    assert costs[0][1] <= 20
