"""The search page."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from territoires_en_commun.base.listing import forget_snapshots
from tests.base.listing_site import add_page, make_section
from tests.factories import ThemeFactory
from tests.filled_site import fill_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(small_france):
    fill_once(write_fountains)


def write_fountains():
    section = make_section("Accueil")
    water = ThemeFactory(name="Eau", slug="eau")
    for number in range(25):
        add_page(section, f"Fontaine {number}", themes=[water], day=number)


def title_of(response):
    return re.search("<title>(.*?)</title>", response.content.decode())[1]


def test_search_finds_pages_and_says_how_many(client, section):
    response = client.get("/recherche/?q=fontaine")
    content = response.content.decode()
    assert response.status_code == 200
    assert re.search(r'<p role="status"[^>]*>25\s+résultats, page 1 sur 2</p>', content.replace("\u00a0", " "))
    assert title_of(response) == "Recherche – «\u00a0fontaine\u00a0» – Territoires en commun"
    assert content.count("<h1") == 1
    assert content.count('class="listing-item"') == 20
    assert '<meta name="robots" content="noindex">' in content
    assert not response.cookies


def test_title_and_canonical_tell_the_query_and_the_page(client, section):
    response = client.get("/recherche/?page=2&thematique=eau&q=fontaine&couleur=bleu")
    assert title_of(response) == "Recherche – «\u00a0fontaine\u00a0» – Eau – page 2 sur 2 – Territoires en commun"
    content = response.content.decode()
    assert 'rel="canonical" href="http://testserver/recherche/?q=fontaine&amp;thematique=eau&amp;page=2"' in content
    assert 'rel="prev" href="/recherche/?q=fontaine&amp;thematique=eau"' in content


def test_filters_in_use_are_links_that_remove_them(client, section):
    content = client.get("/recherche/?q=fontaine&thematique=eau").content.decode()
    assert 'href="/recherche/?thematique=eau" aria-label="«\u00a0fontaine\u00a0», retirer ce filtre"' in content
    assert 'href="/recherche/?q=fontaine" aria-label="Eau, retirer ce filtre"' in content
    assert 'value="eau" id="thematique-eau" checked' in content


def test_forms_are_get_and_need_no_script(client, section):
    content = client.get("/recherche/?tri=titre").content.decode()
    assert '<form id="listing-form"' in content
    assert 'action="/recherche/" method="get"' in content
    assert 'name="q" value="" maxlength="200" autocomplete="off" form="listing-form"' in content
    assert '<option value="titre" selected>Ordre alphabétique</option>' in content
    assert "onchange" not in content


def test_query_is_text_in_the_page(client, section):
    content = client.get("/recherche/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in content


def test_territories_named_by_the_query_are_proposed(client, section):
    content = client.get("/recherche/?q=nantes").content.decode()
    assert 'id="territoires-titre">Territoires</h2>' in content
    assert 'href="/territoires/commune-44109-nantes/">Nantes</a>' in content
    assert "territoires-titre" not in client.get("/recherche/?q=fontaine").content.decode()


def test_territories_are_proposed_for_a_misspelt_name_that_no_page_holds(client, section):
    content = client.get("/recherche/?q=nantte").content.decode()
    assert re.search(r'<p role="status"[^>]*>Aucun résultat</p>', content)
    assert 'href="/territoires/commune-44109-nantes/">Nantes</a>' in content


def test_nothing_found_leads_somewhere(client, section):
    content = client.get("/recherche/?q=introuvable&thematique=eau").content.decode()
    assert re.search(r'<p role="status"[^>]*>Aucun résultat</p>', content)
    assert "Retirer le filtre «\u00a0«" not in content
    assert "Retirer le filtre «\u00a0introuvable\u00a0» (25\u00a0résultats)" in content
    assert 'href="/contact/"' in content


def test_ambiguous_territory_offers_the_candidates_and_keeps_the_rest(client, section):
    response = client.get("/recherche/?q=fontaine&territoire=saint-denis")
    content = response.content.decode()
    assert 'type="radio" name="territoire"' in content
    assert 'value="commune:93066"' in content
    assert "Paramètre «&nbsp;territoire&nbsp;»" in content
    assert "25\u00a0résultats" in content


def test_territory_typed_by_name_is_understood(client, section):
    content = client.get("/recherche/?territoire=nantes").content.decode()
    assert 'aria-label="Nantes – Loire-Atlantique (44), retirer ce filtre"' in content


def test_post_is_refused(client, section):
    assert client.post("/recherche/").status_code in (403, 405)


@pytest.mark.parametrize(
    "path", ["/recherche/", "/recherche/?q=fontaine&thematique=eau&territoire=commune:44109&page=2"]
)
def test_queries_warm_are_few_and_do_not_grow(client, small_france, path):
    section = make_section("Accueil")
    water = ThemeFactory(name="Eau", slug="eau")
    seen, added = {}, 0
    for total in (1, 3, 25):
        for number in range(added, total):
            add_page(section, f"Fontaine {number}", themes=[water], territories=[small_france["pays:FR"]])
        added = total
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        seen[total] = len(queries)
    assert max(seen.values()) <= 13
    assert seen[3] == seen[25]


def test_queries_cold(client, section, django_assert_max_num_queries):
    forget_snapshots()
    cache.clear()
    with django_assert_max_num_queries(20):
        client.get("/recherche/")


def test_queries_after_a_publication(client, section, django_assert_max_num_queries):
    path = "/recherche/?q=fontaine&thematique=eau&territoire=commune:44109"
    client.get(path)
    forget_snapshots()
    with django_assert_max_num_queries(20):
        client.get(path)
