"""The directory: who covers a place, nearest first, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annuaire.services import doubt
from tests.annuaire.build import make_actor
from tests.factories import ProgrammeFactory, ThemeFactory, UserFactory
from tests.filled_site import fill_once


@pytest.fixture
def france(home, small_france):
    return small_france


@pytest.fixture
def actors(france):
    fill_once(write_actors, france)


def write_actors(france):
    epci = next(place for place in france["commune:23096"].containers if place.type == "epci")
    make_actor(title="Partout", type="operateur", territories=[france["pays:FR"]])
    make_actor(title="Du département", territories=[france["departement:23"]])
    make_actor(title="De la commune", type="collectif", territories=[france["commune:23096"]])
    make_actor(title="De l’intercommunalité", territories=[epci])
    make_actor(title="D’ailleurs", territories=[france["commune:44109"]])
    make_actor(title="Brouillon", live=False, territories=[france["commune:23096"]])


def shown(client, query=""):
    response = client.get(f"/annuaire/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def test_actors_of_a_commune_come_nearest_first_and_say_why(client, actors):
    rows = shown(client, "?territoire=commune:23096").rows
    assert [(row.page.title, row.reason.split(" (")[0]) for row in rows] == [
        ("De la commune", "Couvre votre commune"),
        ("De l’intercommunalité", "Couvre votre intercommunalité"),
        ("Du département", "Couvre votre département"),
        ("Partout", "Couvre toute la France"),
    ]


def test_actors_who_act_in_a_part_come_last(client, actors):
    rows = shown(client, "?territoire=departement:23").rows
    assert [(row.page.title, row.reason) for row in rows] == [
        ("Du département", "Couvre votre département"),
        ("Partout", "Couvre toute la France"),
        ("De l’intercommunalité", "Agit dans une partie de votre département"),
        ("De la commune", "Agit dans une partie de votre département"),
    ]


def test_fiche_not_verified_for_a_year_comes_after_the_others_of_its_scale(client, france):
    old = timezone.localdate() - timedelta(days=400)
    make_actor(title="A ancienne", territories=[france["commune:23096"]], verified_on=old)
    make_actor(title="Z récente", territories=[france["commune:23096"]])
    rows = shown(client, "?territoire=commune:23096").rows
    assert [(row.page.title, row.is_stale) for row in rows] == [("Z récente", False), ("A ancienne", True)]


def test_doubted_fiche_comes_after_those_that_were_verified(client, france):
    gueret = [france["commune:23096"]]
    doubted = make_actor(title="A douteuse", territories=gueret)
    make_actor(title="Z vérifiée", territories=gueret, verified_on=timezone.localdate() - timedelta(days=20))
    doubt(doubted, user=UserFactory())
    for query in ("?territoire=commune:23096", "?tri=verification"):
        rows = shown(client, query).rows
        assert [(row.page.title, row.is_stale) for row in rows] == [("Z vérifiée", False), ("A douteuse", True)], query


def test_whole_directory_is_in_alphabetical_order(client, actors):
    assert [row.page.title for row in shown(client).rows] == [
        "D’ailleurs",
        "De l’intercommunalité",
        "De la commune",
        "Du département",
        "Partout",
    ]


def test_counts_of_types_match_what_they_keep(client, actors):
    listing = shown(client, "?territoire=commune:23096")
    types = next(facet for facet in listing.facets if facet.name == "type")
    for value in types.values:
        kept = shown(client, f"?territoire=commune:23096&type={value.value}")
        assert kept.count == value.count, value


def test_facets_combine(client, france):
    water, programme = ThemeFactory(name="Eau", slug="eau"), ProgrammeFactory(slug="pvd")
    both = make_actor(title="Les deux", themes=[water], territories=[france["pays:FR"]])
    both.programmes = [programme]
    both.save_revision().publish()
    make_actor(title="L’eau", themes=[water], territories=[france["pays:FR"]])
    assert [row.page.title for row in shown(client, "?thematique=eau&programme=pvd").rows] == ["Les deux"]


@pytest.mark.parametrize("query", ["?q=brouillon", "?type=collectif&q=brouillon"])
def test_draft_is_nowhere(client, actors, query):
    assert shown(client, query).count == 0


def test_unknown_values_are_told_and_left_aside(client, actors):
    response = client.get("/annuaire/?type=inconnu&territoire=commune:99999&page=abc&tri=zzz")
    html = response.content.decode()
    assert response.context["listing"].count == 5
    for parameter in ("type", "territoire", "page", "tri"):
        assert f"« {parameter} »" in html or parameter in html


def test_file_holds_exactly_the_rows_found(client, actors):
    lines = b"".join(client.get("/annuaire/?territoire=commune:23096&export=csv")).decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [
        "De la commune",
        "De l’intercommunalité",
        "Du département",
        "Partout",
    ]
    assert lines[0].startswith("Titre;Sigle;Type d’acteur;SIREN;SIRET;Adresse postale")


@pytest.mark.parametrize("path", ["/annuaire/", "/annuaire/?q=fontaine&territoire=commune:23096&type=association"])
def test_queries_are_few_and_do_not_grow(client, france, path):
    seen, added = {}, 0
    for total in (1, 3, 20):
        for number in range(added, total):
            make_actor(title=f"Fontaine {number}", commune=france["commune:23096"], territories=[france["pays:FR"]])
        added = total
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        seen[total] = len(queries)
    assert max(seen.values()) <= 14
    assert seen[3] == seen[20]


def test_commune_page_shows_the_nearest_actors_once(client, actors, france):
    html = client.get(france["commune:23096"].get_absolute_url()).content.decode()
    assert html.count("De la commune</a>") == 1
    assert "Couvre votre commune" in html
    assert (
        '<a class="fr-link fr-icon-arrow-right-line fr-link--icon-right" href="/annuaire/?territoire=commune%3A23096">'
        in html
    )
    assert "Contenus utiles ici" not in html


def test_search_finds_actors(client, actors):
    html = client.get("/recherche/?q=département").content.decode()
    assert "Du <mark>département</mark></a>" in html
