"""The territory filter: what concerns a place at any scale, the nearest first, and how to widen."""

import pytest

from tests.base.listing_site import add_page, listing_of, make_section, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(small_france):
    section = make_section("Accueil")
    for day, (title, key) in enumerate(
        [
            ("À Nantes", "commune:44109"),
            ("À Rezé", "commune:44143"),
            ("À Nantes Métropole", "epci:244400404"),
            ("En Loire-Atlantique", "departement:44"),
            ("En Pays de la Loire", "region:52"),
            ("En France", "pays:FR"),
            ("À Bordeaux", "commune:33063"),
        ]
    ):
        add_page(section, title, day=day, territories=[small_france[key]])
    add_page(section, "Nulle part", day=9)
    return section


def test_commune_finds_what_covers_it_nearest_first(section):
    listing = listing_of("?territoire=commune:44109")
    assert titles(listing) == [
        "À Nantes",
        "À Nantes Métropole",
        "En Loire-Atlantique",
        "En Pays de la Loire",
        "En France",
    ]
    assert (listing.sort.name, listing.parameters) == ("proximite", {"territoire": ["commune:44109"]})
    assert listing.tags[0].label == "Nantes – Loire-Atlantique (44)"


def test_wider_territory_brings_the_neighbours(section):
    assert set(titles(listing_of("?territoire=epci:244400404"))) == {
        "À Nantes",
        "À Rezé",
        "À Nantes Métropole",
        "En Loire-Atlantique",
        "En Pays de la Loire",
        "En France",
    }
    assert listing_of("?territoire=pays:FR").count == 7


def test_old_code_gives_todays_territory(section, small_france):
    former = next(t for t in small_france.values() if t.type == "commune" and t.replaced_by_id)
    listing = listing_of(f"?territoire={former.key}")
    assert listing.values["territoire"].pk == former.replaced_by_id
    assert listing.ignored == []


def test_pages_of_a_former_commune_count_in_todays(section, small_france):
    former = next(t for t in small_france.values() if t.type == "commune" and t.replaced_by_id)
    add_page(section, "Avant la fusion", territories=[former])
    assert "Avant la fusion" in titles(listing_of(f"?territoire={former.replaced_by.key}"))


def test_empty_list_offers_to_remove_each_filter_and_to_widen_with_counts(section):
    listing = listing_of("?q=rezé&territoire=commune:44109")
    assert listing.count == 0
    assert [(link.label, link.url) for link in listing.ways_out] == [
        ("Retirer le filtre «\u00a0rezé\u00a0» (5\u00a0résultats)", "/recherche/?territoire=commune%3A44109"),
        (
            "Retirer le filtre «\u00a0Nantes – Loire-Atlantique (44)\u00a0» (1\u00a0résultat)",
            "/recherche/?q=rez%C3%A9",
        ),
        (
            "Élargir à : Nantes Métropole (1\u00a0résultat)",
            "/recherche/?q=rez%C3%A9&territoire=epci%3A244400404",
        ),
        (
            "Élargir à : Loire-Atlantique (1\u00a0résultat)",
            "/recherche/?q=rez%C3%A9&territoire=departement%3A44",
        ),
        ("Élargir à : Pays de la Loire (1\u00a0résultat)", "/recherche/?q=rez%C3%A9&territoire=region%3A52"),
        ("Élargir à : France (1\u00a0résultat)", "/recherche/?q=rez%C3%A9&territoire=pays%3AFR"),
        ("Tout effacer (8\u00a0résultats)", "/recherche/"),
        ("Nous écrire : un contenu manque peut-être", "/contact/"),
    ]


def test_each_way_out_gives_the_count_it_announces(client, section):
    from urllib.parse import urlsplit

    for link in listing_of("?q=rezé&territoire=commune:44109").ways_out[:-1]:
        announced = int(link.label.rsplit("(", 1)[1].split("\u00a0")[0])
        assert listing_of(f"?{urlsplit(link.url).query}").count == announced
