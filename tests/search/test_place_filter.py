"""A commune in a query is a filter that can be removed."""

import re

import pytest

from territoires_en_commun.territories.search.store import store
from tests.base.listing_site import add_page

NANTES = 'aria-label="Nantes – Loire-Atlantique (44), retirer ce filtre"'


@pytest.fixture
def places(engine, corpus, small_france, refreshed):
    """The engine, with pages of two places that say the same thing."""
    add_page(corpus, "Un kit vélo nantais", summary="Le kit.", territories=[small_france["commune:44109"]])
    add_page(corpus, "Un kit vélo pour la France", summary="Le kit.", territories=[small_france["pays:FR"]])
    add_page(corpus, "Un kit vélo des Hauts-de-Seine", summary="Le kit.", territories=[small_france["departement:92"]])
    refreshed()
    return engine


@pytest.fixture
def shared_code(small_france):
    """Two communes have the postal code 23999."""
    for key in ("commune:44109", "commune:23096"):
        small_france[key].postal_codes = ["23999"]
        small_france[key].save()
    yield
    store.forget()


def test_it_filters_the_rest_of_the_text(places, ask):
    answer = ask("kit vélo à Nantes")
    assert answer["territoire"] == "commune:44109"
    assert {found["titre"] for found in answer["resultats"]} == {"Un kit vélo nantais", "Un kit vélo pour la France"}
    assert answer["moteur"] == places


def test_it_is_a_tag_whose_removal_makes_it_words_again(places, client, ask):
    page = client.get("/recherche/", {"q": "kit vélo à Nantes"}).content.decode()
    assert NANTES in page
    assert "lieu=mots" in page
    answer = ask("kit vélo à Nantes", lieu="mots")
    assert answer["territoire"] == ""
    assert {found["titre"] for found in answer["resultats"][:3]} >= {
        "Un kit vélo nantais",
        "Un kit vélo pour la France",
    }
    kept = client.get("/recherche/", {"q": "kit vélo à Nantes", "lieu": "mots"}).content.decode()
    assert NANTES not in kept
    assert '<input type="hidden" name="lieu" value="mots">' in kept


def test_it_stays_words_when_nothing_answers_there(places, ask):
    answer = ask("commerces à Nantes")
    assert answer["territoire"] == ""
    assert answer["resultats"][0]["titre"] == "Cœurs de ville : rouvrir les commerces"


def test_a_code_alone_gives_what_concerns_the_place(places, ask):
    answer = ask("44109")
    assert answer["territoire"] == "commune:44109"
    assert {found["titre"] for found in answer["resultats"]} == {"Un kit vélo nantais", "Un kit vélo pour la France"}


@pytest.mark.parametrize(("text", "address"), [("23999", "?"), ("23999 kit", "?q=kit&amp;")])
def test_a_code_that_places_share_leads_to_each_where_something_answers(places, shared_code, client, text, address):
    page = client.get("/recherche/", {"q": text}).content.decode()
    assert re.findall(r'href="/recherche/([^"]*territoire=[^"]*)">(Chercher à[^<]*)<', page) == [
        (f"{address}territoire=commune%3A44109", "Chercher à : Nantes (2\xa0résultats)"),
        (f"{address}territoire=commune%3A23096", "Chercher à : Guéret (1\xa0résultat)"),
    ]


def test_nearest_first_is_an_order_of_its_own(places, titles):
    found = titles("kit vélo", territoire="commune:44109", tri="proximite")
    assert found == ["Un kit vélo nantais", "Un kit vélo pour la France"]
