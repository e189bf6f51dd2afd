"""The events of a place, on « Ma commune », on the home page, and in the agenda filtered by territory."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from agenda.events.kinds import EventMode, SessionStatus
from agenda.events.territory_block import events_of_territory
from agenda.highlights import next_events
from tests.agenda.events import make_event, make_session
from tests.base.listing_site import titles
from tests.query_costs import cost_of_visit


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


@pytest.fixture
def france(small_france):
    return small_france


def event(title, *, days=10, status=SessionStatus.SCHEDULED, **fields):
    page = make_event(title=title, **fields)
    make_session(page, days=days, status=status, status_message="" if status == SessionStatus.SCHEDULED else "Neige.")
    return page


def block_of(territory):
    return events_of_territory(territory, timezone.now())


def shown(territory):
    block = block_of(territory)
    return [row.page.title for row in block.context["rows"]] if block else []


def test_events_that_concern_the_place_or_happen_there_come_by_date(client, france):
    gueret, nantes = france["commune:23096"], france["commune:44109"]
    event("Pour tous", days=20, territories=[france["pays:FR"]], commune=nantes)
    event("Ici", days=5, territories=[france["pays:FR"]], commune=gueret)
    event("De la Creuse", days=9, territories=[france["departement:23"]], mode=EventMode.REMOTE)
    event("Ailleurs", days=1, territories=[nantes], commune=nantes)
    event("Ailleurs, mais ici", days=3, territories=[nantes], commune=gueret)
    assert shown(gueret) == ["Ailleurs, mais ici", "Ici", "De la Creuse", "Pour tous"]
    assert shown(france["departement:23"]) == ["Ailleurs, mais ici", "Ici", "De la Creuse", "Pour tous"]
    url = block_of(gueret).context["more_url"]
    assert url == "/agenda/?territoire=commune%3A23096"
    listing = client.get(url).context["listing"]
    assert titles(listing) == ["Ailleurs, mais ici", "Ici", "De la Creuse", "Pour tous"]


def test_only_what_is_public_to_come_and_takes_place_is_shown(france):
    gueret = france["commune:23096"]
    common = {"territories": [gueret], "commune": gueret}
    event("Passé", days=-3, **common)
    event("Annulé", status=SessionStatus.CANCELLED, **common)
    event("Brouillon", live=False, **common)
    hidden = event("Privé", **common)
    PageViewRestriction.objects.create(page=hidden.basepage_ptr, restriction_type="login")
    make_event(title="Sans date", **common)
    assert block_of(gueret) is None
    for rank in range(6):
        event(f"Événement {rank}", days=10 + rank, **common)
    assert shown(gueret) == [f"Événement {rank}" for rank in range(4)]


def test_block_says_the_next_session_of_now(client, france, freeze):
    gueret = france["commune:23096"]
    page = event("Deux séances", days=1, territories=[gueret], commune=gueret)
    make_session(page, days=20)
    html = client.get(gueret.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Prochains événements" in html
    assert "<strong>Jeudi 11 mars 2027, de 10 h à 12 h</strong>" in html
    assert html.count("Deux séances</a>") == 1  # not among « Contenus utiles ici » too
    freeze(timezone.now() + timedelta(days=2))
    html = client.get(gueret.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "<strong>Mardi 30 mars 2027, de 11 h à 13 h</strong>" in html


def test_home_page_shows_the_next_events(client, home):
    assert "Prochains événements" not in client.get(home.url).content.decode()
    for title, days in (("Quatrième", 40), ("Deuxième", 2), ("Première", 1), ("Troisième", 3), ("Passée", -1)):
        event(title, days=days)
    assert [row.page.title for row in next_events(3)] == ["Première", "Deuxième", "Troisième"]
    html = client.get(home.url).content.decode()
    section = re.search(r'aria-labelledby="events-title".*?</section>', html, re.DOTALL)[0]
    assert re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a>", section) == ["Première", "Deuxième", "Troisième"]
    assert 'href="/agenda/"' in section
    assert "Guéret" in section


def test_page_of_a_territory_costs_the_same_with_one_event_and_with_three(client, france):
    gueret = france["commune:23096"]
    costs = []
    for title in ("Un", "Deux", "Trois"):
        event(title, territories=[gueret], commune=gueret)
        if title != "Deux":
            url = gueret.get_absolute_url()
            client.get(url)
            costs.append([cost_of_visit(client, url, is_cold=is_cold) for is_cold in (False, True)])
    assert costs[0] == costs[1]
    assert costs[0][0] <= 15
    assert costs[0][1] <= 20
