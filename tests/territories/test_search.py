"""The search on a database: freshness of the index, hits, and inputs that nobody should send."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territoires_en_commun.territories.models import Territory
from territoires_en_commun.territories.search import TerritoryHit, search_territories
from territoires_en_commun.territories.search.engine import Search
from territoires_en_commun.territories.search.store import IndexStore, store
from tests.factories import TerritoryFactory
from tests.territories.whole_france import whole_index

NANTES = TerritoryHit(
    "commune:44109", "commune", "44109", "Nantes", "Loire-Atlantique (44)", "/territoires/commune-44109-nantes/", True
)


def test_search_gives_whole_hits(small_france):
    assert search_territories("nantes")[0] == NANTES


def test_search_of_an_empty_map_finds_nothing(db):
    assert search_territories("nantes") == []


def test_search_says_the_former_name(small_france):
    hit = search_territories("annecy le vieux")[0]
    assert (hit.id, hit.precision) == ("commune:74010", "Haute-Savoie (74), commune déléguée : Annecy-le-Vieux")


@pytest.mark.parametrize("text", ["", " ", "\x00", "…", "\U0001f600", "a" * 5000, "1" * 5000, "saint " * 1000])
def test_search_survives_texts_without_a_name(small_france, text):
    assert isinstance(search_territories(text), list)


def test_search_sees_a_territory_saved_since(db):
    TerritoryFactory(name="Plouf", code="29999")
    assert [hit.name for hit in search_territories("plouf")] == ["Plouf"]
    territory = Territory.objects.get()
    territory.name = "Plaf"
    territory.save()
    assert [hit.name for hit in search_territories("plaf")] == ["Plaf"]
    territory.delete()
    assert search_territories("plaf") == []


def test_store_sees_an_import_of_another_process(small_france):
    own = IndexStore()
    before = own.get()
    assert own.get() is before
    Territory.objects.filter(code="44109").delete()
    assert own.get() is not before


def test_store_checks_only_now_and_then(small_france, settings, django_assert_num_queries):
    settings.TERRITORY_SEARCH_REFRESH = 30
    store.get()
    with django_assert_num_queries(0):
        search_territories("nantes")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_engine_never_fails_whatever_is_typed(text):
    matches = Search(whole_index()).run(text, 10)
    assert len(matches) <= 10


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            [
                "saint",
                "12e",
                "paris",
                "(93)",
                "cedex",
                "44000",
                "mairie de",
                "cc",
                "la",
                "l'",
                "2a",
                "-",
                "974",
                "métropole",
            ]
        ),
        max_size=8,
    )
)
def test_engine_never_fails_on_tangled_hints(words):
    matches = Search(whole_index()).run(" ".join(words), 50)
    assert len({match.place for match in matches}) == len(matches)
