"""The questions asked of the map, and how French says a territory."""

import pytest

from territoires_en_commun.territories.models import Territory


def keys(territories) -> list[str]:
    return [territory.key for territory in territories]


def test_small_france_has_every_type_and_status(small_france):
    assert {(t.type, t.is_active) for t in small_france.values()} == {
        ("commune", True),
        ("commune", False),
        ("commune-deleguee", True),
        ("commune-associee", True),
        ("arrondissement", True),
        ("epci", True),
        ("ept", True),
        ("departement", True),
        ("region", True),
        ("pays", True),
    }


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("commune:44109", ["commune:44109", "epci:244400404", "departement:44", "region:52", "pays:FR"]),
        ("commune:85113", ["commune:85113", "departement:85", "region:52", "pays:FR"]),
        (
            "commune:94038",
            ["commune:94038", "ept:200058014", "epci:200054781", "departement:94", "region:11", "pays:FR"],
        ),
        (
            "arrondissement:75112",
            ["arrondissement:75112", "commune:75056", "epci:200054781", "departement:75", "region:11", "pays:FR"],
        ),
        ("commune:97801", ["commune:97801", "departement:978", "region:978", "pays:FR"]),
        (
            "commune-deleguee:01091",
            ["commune-deleguee:01091", "commune:01033", "epci:240100891", "departement:01", "region:84", "pays:FR"],
        ),
        (
            "epci:243500741",
            [
                "epci:243500741",
                "departement:35",
                "departement:44",
                "departement:56",
                "region:53",
                "region:52",
                "pays:FR",
            ],
        ),
    ],
)
def test_covering_lists_containers_nearest_first(small_france, key, expected):
    assert keys(Territory.objects.covering(small_france[key])) == expected
