"""The month of the agenda and its archives: each event on its own days, with the filters, whatever is asked."""

import re
from datetime import UTC, datetime

import pytest

from agenda.events.kinds import EventMode, SessionStatus
from territoires_en_commun.base.site_info import Link
from tests.agenda.events import make_event, make_session
from tests.base.listing_site import titles
from tests.factories import ThemeFactory
from tests.query_costs import cost_of_visit

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


def at(title, *moments, hours=2, **fields):
    """An event with a session from each of these instants (UTC)."""
    page = make_event(title=title, **fields)
    for moment in moments:
        make_session(page, starts_at=datetime.fromisoformat(moment).replace(tzinfo=UTC), hours=hours)
    return page


def listing_of(client, query):
    response = client.get(f"/agenda/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def days_of(client, query):
    """The events of each day of the month, by the number of the day."""
    month = listing_of(client, query).month
    days = [day for week in month.weeks for day in week if day.entries]
    assert all(day.is_inside for day in days)
    return {day.date.day: [(entry.hour.replace(NBSP, " "), entry.title) for entry in day.entries] for day in days}


def test_month_shows_each_event_on_its_day_past_ones_too(client):
    at("Passé", "2027-03-02T08:00")
    at("Deux dates", "2027-03-15T13:00", "2027-03-30T12:30")
    at("Avril", "2027-04-01T09:00")
    make_event(title="Sans date")
    assert days_of(client, "?mois=2027-03") == {
        2: [("9 h", "Passé")],
        15: [("14 h", "Deux dates")],
        30: [("14 h 30", "Deux dates")],
    }
    assert listing_of(client, "?mois=2027-03").count_label == f"2{NBSP}événements"


def test_day_is_that_of_the_place(client):
    at("Réunion", "2027-03-31T21:00", hours=1, time_zone="Indian/Reunion")
    at("Paris", "2027-03-31T21:00", hours=1)
    assert days_of(client, "?mois=2027-03") == {31: [("23 h", "Paris")]}
    assert days_of(client, "?mois=2027-04") == {1: [("1 h (heure de La Réunion)", "Réunion")]}


def test_session_of_several_days_is_on_each_of_them(client):
    at("Séminaire", "2027-03-30T12:00", hours=68)
    at("Jusqu’à minuit", "2027-03-05T20:00", hours=3)
    assert days_of(client, "?mois=2027-03") == {
        5: [("21 h", "Jusqu’à minuit")],
        30: [("14 h", "Séminaire")],
        31: [("Suite", "Séminaire")],
    }
    assert days_of(client, "?mois=2027-04") == {1: [("Suite", "Séminaire")], 2: [("Suite", "Séminaire")]}


def test_month_keeps_the_filters_from_one_to_the_next(client):
    at("Sur place", "2027-03-12T09:00")
    at("À distance", "2027-03-12T10:00", mode=EventMode.REMOTE)
    assert days_of(client, "?mois=2027-03&mode=distance") == {12: [("11 h", "À distance")]}
    month = listing_of(client, "?mois=2027-03&mode=distance").month
    assert month.previous == Link(f"Mois précédent{NBSP}: février 2027", "/agenda/?mois=2027-02&mode=distance")
    assert month.next == Link(f"Mois suivant{NBSP}: avril 2027", "/agenda/?mois=2027-04&mode=distance")
    assert month.list_url == "/agenda/?mode=distance"
    assert listing_of(client, "?mode=distance").month_url == "/agenda/?mode=distance&mois=2027-03"
    assert listing_of(client, "?du=2027-05-20").month_url == "/agenda/?mois=2027-05"
    assert listing_of(client, "?du=0001-01-01").month_url == "/agenda/?mois=2027-03"


@pytest.mark.parametrize(("month", "previous", "following"), [("2000-01", False, True), ("2099-12", True, False)])
def test_first_and_last_months_lead_no_further(client, month, previous, following):
    shown = listing_of(client, f"?mois={month}").month
    assert (bool(shown.previous), bool(shown.next)) == (previous, following)


@pytest.mark.parametrize(
    "month", ["2027-13", "2027-00", "abc", "%00", "0001-01", "9999-12", "2027-3", "2027-03-01", "a" * 5000]
)
def test_impossible_month_gets_a_notice_and_the_list(client, month):
    at("À venir", "2027-03-12T09:00")
    listing = listing_of(client, f"?mois={month}")
    assert (listing.month, titles(listing)) == (None, ["À venir"])
    assert [item.parameter for item in listing.ignored] == ["mois"]


def test_days_asked_narrow_the_month(client):
    at("Début", "2027-03-03T09:00")
    at("Long", "2027-03-14T12:00", hours=48)
    assert days_of(client, "?mois=2027-03&du=2027-03-15") == {15: [("Suite", "Long")], 16: [("Suite", "Long")]}
    assert days_of(client, "?mois=2027-03&quand=passes") == {3: [("10 h", "Début")]}


def test_page_is_a_table_that_reads_well(client):
    event = at("Annulé & <b>", "2027-03-10T14:00")
    event.sessions.update(status=SessionStatus.CANCELLED, status_message="Neige.")
    for rank in range(10):
        at(f"Événement {rank}", "2027-03-20T09:00")
    html = client.get("/agenda/?mois=2027-03").content.decode()
    assert "<caption>Événements de mars 2027</caption>" in html
    assert re.findall('<th scope="col">(.*?)</th>', html)[0] == "Lundi"
    assert (html.count('<th scope="col">'), html.count("<h1")) == (7, 1)
    assert re.search(r'<time datetime="2027-03-10">.*?</time> <span[^>]*>aujourd’hui</span>', html)
    assert "Annulé &amp; &lt;b&gt;</a> <strong>(annulée)</strong>" in html
    assert 'href="/agenda/?du=2027-03-20&amp;au=2027-03-20"' in html
    assert "et 2 de plus" in html
    assert "<title>Agenda – Mars 2027 – " in html
    assert 'name="robots" content="noindex' in html
    assert "Voir la liste" in html
    assert "Voir par mois" in client.get("/agenda/").content.decode()


def test_private_and_draft_events_are_in_no_month(client):
    at("Brouillon", "2027-03-12T09:00", live=False)
    assert days_of(client, "?mois=2027-03") == {}
    assert listing_of(client, "?mois=2027-03").count_label == "Aucun événement"


def test_month_costs_the_same_with_one_event_and_with_three(client):
    costs = []
    for title in ("Un", "Deux", "Trois"):
        at(title, "2027-03-12T09:00")
        if title != "Deux":
            client.get("/agenda/?mois=2027-03")
            costs.append(
                [cost_of_visit(client, "/agenda/?mois=2027-03", is_cold=is_cold) for is_cold in (False, True)]
            )
    assert costs[0] == costs[1]
    assert costs[0][0] <= 15
    assert costs[0][1] <= 20


# The archives


def archives_of(client, query=""):
    return [(year.label, year.count, year.is_current) for year in listing_of(client, query).archives]


def test_archives_count_what_is_over_by_the_year_of_its_last_session(client):
    theme = ThemeFactory(name="Eau", slug="eau")
    at("Ancien", "2025-12-31T22:30", hours=0.5, themes=[theme])
    at("À cheval", "2025-11-01T09:00", "2026-02-01T09:00", themes=[theme])
    at("De l’année", "2027-01-05T09:00")
    at("Encore à venir", "2026-03-01T09:00", "2027-06-01T09:00")
    assert archives_of(client) == [("2027", 1, False), ("2026", 1, False), ("2025", 1, False)]
    assert archives_of(client, "?thematique=eau&annee=2026") == [("2026", 1, True), ("2025", 1, False)]
    assert titles(listing_of(client, "?annee=2026")) == ["À cheval"]
    assert titles(listing_of(client, "?quand=passes")) == ["De l’année", "À cheval", "Ancien"]
    year = listing_of(client, "?thematique=eau&quand=a-venir&mois=2027-03").archives[0]
    assert (year.label, year.url) == ("2026", "/agenda/?thematique=eau&annee=2026")
    assert "Passés en 2026" in client.get(year.url).content.decode()


@pytest.mark.parametrize("year", ["abc", "0000", "20266", "%00", "-1"])
def test_impossible_year_gets_a_notice_and_the_list(client, year):
    at("À venir", "2027-03-12T09:00")
    listing = listing_of(client, f"?annee={year}")
    assert (titles(listing), [item.parameter for item in listing.ignored]) == (["À venir"], ["annee"])


def test_taking_a_date_off_counts_what_would_really_be_shown(client):
    at("À venir", "2027-03-12T09:00")
    at("Passé", "2026-03-12T09:00")
    listing = listing_of(client, "?du=2030-01-01")
    assert [(tag.label.replace(NBSP, " "), tag.count) for tag in listing.tags] == [("À partir du 1er janvier 2030", 1)]
    assert [tag.count for tag in listing_of(client, "?annee=2020").tags] == [1]
    assert [tag.count for tag in listing_of(client, "?quand=passes&annee=2026").tags] == [1, 1]
