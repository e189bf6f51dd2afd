"""The agenda: what comes next first, in one list only, for a place, between two days."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from agenda.events.kinds import EventMode, SessionStatus
from tests.agenda.events import enrol, make_event, make_session
from tests.base.listing_site import titles
from tests.query_costs import cost_of_visit


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


def event(title, *days, **fields):
    """An event with a session for each of these days from now."""
    page = make_event(title=title, **fields)
    for day in days:
        make_session(page, starts_at=timezone.now() + timedelta(days=day))
    return page


def shown(client, query=""):
    response = client.get(f"/agenda/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def test_next_session_decides_the_order(client):
    event("Loin", 30)
    event("Plusieurs", -20, 2, 50)
    event("Proche", 1)
    event("Sans date")
    listing = shown(client)
    assert titles(listing) == ["Proche", "Plusieurs", "Loin", "Sans date"]
    assert [row.others for row in listing.rows] == [0, 1, 0, 0]


def test_event_in_progress_is_in_one_list_only(client, freeze):
    event("En cours", 0)
    event("Passé", -5)
    event("Plus ancien", -9)
    freeze("2027-03-10 11:59:59")
    assert (titles(shown(client)), titles(shown(client, "?quand=passes"))) == (["En cours"], ["Passé", "Plus ancien"])
    freeze("2027-03-10 12:00")
    assert (titles(shown(client)), titles(shown(client, "?quand=passes"))) == (
        [],
        ["En cours", "Passé", "Plus ancien"],
    )
    assert titles(shown(client, "?quand=a-venir&quand=passes")) == ["Plus ancien", "Passé", "En cours"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?du=2027-03-15", ["Quinze", "Deux dates"]),
        ("?du=15/03/2027&au=16/03/2027", ["Quinze"]),
        ("?au=2027-03-12", ["Avant", "Deux dates"]),
        ("?du=2027-03-13&au=2027-03-14", []),
        ("?du=2027-03-20&au=2027-03-20", ["Deux dates"]),
    ],
)
def test_days_are_those_of_one_session(client, query, expected):
    event("Avant", -3)
    event("Deux dates", 2, 10)
    event("Quinze", 5)
    assert titles(shown(client, query)) == expected


@pytest.mark.parametrize(
    "query", ["?du=31/02/2027", "?au=2027-13-01", "?du=demain", "?du=%00", "?mode=vol", "?page=9"]
)
def test_bad_parameter_gets_a_notice_and_keeps_the_results(client, query):
    event("Proche", 1)
    listing = shown(client, query)
    assert titles(listing) == ["Proche"]
    assert listing.form.ignored or query.startswith("?page")


def test_standing_is_told(client):
    full = event("Complet", mode=EventMode.ONSITE)
    enrol(make_session(full, seats=1, days=3))
    make_session(event("Annulé"), status=SessionStatus.CANCELLED, status_message="Neige.", days=1)
    make_session(event("Commencé"), starts_at=timezone.now() - timedelta(minutes=5))
    event("Simple", 4)
    event("Sans date")
    standings = {row.page.title: (row.status, row.status_kind) for row in shown(client).rows}
    assert standings == {
        "Complet": ("Complet", "warning"),
        "Annulé": ("Annulée", "error"),
        "Commencé": ("En cours", "new"),
        "Simple": ("", ""),
        "Sans date": ("Dates à venir", "info"),
    }


def test_facets_and_mode(client):
    event("Sur place", 1)
    event("À distance", 2, mode=EventMode.REMOTE)
    assert titles(shown(client, "?mode=distance")) == ["À distance"]
    assert titles(shown(client, "?type=atelier")) == ["Sur place", "À distance"]
    assert titles(shown(client, "?q=distance")) == ["À distance"]


def test_calendar_of_the_results_follows_the_filters(client):
    event("Sur place", 1, 8)
    event("À distance", 2, mode=EventMode.REMOTE)
    event("Passé", -2)
    response = client.get("/agenda/?mode=presentiel&export=ics")
    entries = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(entry["SUMMARY"]) for entry in entries] == ["Sur place", "Sur place"]


def test_list_costs_the_same_with_one_event_and_with_three(client):
    costs = []
    for title in ("Un", "Deux", "Trois"):
        event(title, 1, 2)
        if title != "Deux":
            client.get("/agenda/")
            costs.append([cost_of_visit(client, "/agenda/", is_cold=is_cold) for is_cold in (False, True)])
    assert costs[0] == costs[1]
    assert costs[0][0] <= 15
    assert costs[0][1] <= 20
