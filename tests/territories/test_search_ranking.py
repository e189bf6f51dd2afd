"""Ranking over the whole of France: the committed queries, by kind, and the rules that they rest on."""

import csv
from collections import defaultdict

import pytest

from bench.territory_search import QUERIES, read_queries
from territoires_en_commun.territories.search.engine import Search
from territoires_en_commun.territories.search.index import read_aliases
from tests.territories.whole_france import whole_index

FLOORS = {"à l'oreille": 0.88, "mots incomplets": 0.94, "code insee": 0.94}  # the other kinds: 0.96


def found(text: str, limit: int = 10, types=None) -> list[str]:
    index = whole_index()
    return [index.places[match.place].key for match in Search(index, types).run(text, limit)]


def test_committed_queries_are_many_and_lead_to_known_territories():
    queries = read_queries(QUERIES)
    assert len(queries) >= 300
    assert {expected for _kind, _query, expected in queries} <= set(whole_index().place_of)


def test_mrr_of_each_kind_of_query():
    ranks = defaultdict(list)
    for kind, query, expected in read_queries(QUERIES):
        keys = found(query)
        ranks[kind].append(1 / (keys.index(expected) + 1) if expected in keys else 0)
    means = {kind: sum(values) / len(values) for kind, values in ranks.items()}
    assert {kind: mean for kind, mean in means.items() if mean < FLOORS.get(kind, 0.96)} == {}


def test_most_populated_comes_first_among_equals():
    assert found("saint-denis")[:2] == ["commune:97411", "commune:93066"]


def test_exact_name_comes_before_the_same_name_with_an_article():
    assert found("meux")[:2] == ["commune:17233", "commune:60402"]


def test_exact_name_comes_before_a_longer_one():
    assert found("aulnay")[:2] == ["commune:17024", "commune:93005"]


def test_city_comes_before_a_hamlet_of_which_it_has_the_first_letters():
    assert found("mars")[0] == "commune:13055"


def test_commune_comes_before_its_intercommunality_and_its_departement():
    assert found("lyon")[:2] == ["commune:69123", "epci:200046977"]
    assert found("paris")[:2] == ["commune:75056", "departement:75"]


def test_city_and_bare_number_mean_the_departement_when_it_is_its_own():
    assert found("marseille 13")[:2] == ["commune:13055", "arrondissement:13213"]
    assert found("marseille 13e")[0] == "arrondissement:13213"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("saint denis 974", "commune:97411"), ("saint-denis (93)", "commune:93066"), ("93 saint denis", "commune:93066")],
)
def test_departement_said_rules_out_homonyms_elsewhere(text, expected):
    keys = found(text)
    assert keys[0] == expected
    assert not {"commune:97411", "commune:93066"} - {expected} & set(keys)


def test_postal_code_gives_all_its_communes_most_populated_first():
    index = whole_index()
    places = [index.places[index.place_of[key]] for key in found("02880", limit=50)]
    assert len(places) > 10
    assert [place.weight for place in places] == sorted((place.weight for place in places), reverse=True)


def test_code_of_a_former_commune_leads_to_todays_and_says_so():
    index = whole_index()
    match = Search(index).run("44059", 1)[0]
    assert (index.places[match.place].key, match.former) == ("commune:44021", "commune déléguée : Fresnay-en-Retz")


def test_commune_deleguee_answers_with_todays_commune_and_says_so():
    index = whole_index()
    match = Search(index).run("annecy le vieux", 1)[0]
    assert (index.places[match.place].key, match.former) == ("commune:74010", "commune déléguée : Annecy-le-Vieux")


def test_no_territory_comes_twice():
    for text in ("saint", "annecy", "75", "cherbourg", "lille", "la reunion"):
        keys = found(text, limit=50)
        assert len(keys) == len(set(keys))


def test_types_restrict_every_kind_of_match():
    for text in ("lyon", "69", "lion", "69123", "agglo de lyon", "paris 12e"):
        assert {key.partition(":")[0] for key in found(text, types=frozenset({"epci"}))} <= {"epci"}


def test_limit_is_kept():
    assert [len(found("saint", limit=limit)) for limit in (1, 10, 50)] == [1, 10, 50]


def test_aliases_name_territories_that_exist():
    rows = list(read_aliases())
    assert {kind for _key, _name, kind in rows} == {"usual", "former"}
    assert [key for key, _name, _kind in rows if key not in whole_index().place_of] == []


def test_queries_file_is_plain_tab_separated():
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert {len(row) for row in rows} == {3}
