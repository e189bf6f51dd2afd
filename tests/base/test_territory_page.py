"""« Ma commune en commun » : the page of each territory, its addresses, its blocks, its sitemap."""

import json
import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.addresses import place_of
from territoires_en_commun.base.registry import Registry, TerritoryBlock, territory_blocks
from territoires_en_commun.base.sitemaps import TerritorySitemap
from territoires_en_commun.base.territory_page import TerritoryPage
from territoires_en_commun.territories.models import Territory
from tests.base.listing_site import add_page, make_section
from tests.factories import ProgrammeFactory, ProgrammeTerritoryFactory, TerritoryFactory

pytestmark = pytest.mark.django_db
NANTES = "/territoires/commune-44109-nantes/"


@pytest.fixture
def france(small_france):
    make_section("Accueil")
    return small_france


def text_of(response):
    """What a reader sees, spaces made plain."""
    content = re.sub(r"<(script|style|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", content).replace("\u202f", " ").replace("&nbsp;", " ").split())


def test_commune_shows_its_identity_and_what_contains_it(client, france):
    response = client.get(NANTES)
    nantes = france["commune:44109"]
    assert response.status_code == 200
    text = text_of(response)
    assert "Commune – Loire-Atlantique (44)" in text
    assert f"Code INSEE {nantes.code}" in text
    assert f"Codes postaux {', '.join(nantes.postal_codes)}" in text
    assert re.search(r"Population 3\d\d \d\d\d\s+habitants", text.replace("\u00a0", " "))
    assert "code officiel géographique 2026" in text
    for key in ("epci:244400404", "departement:44", "region:52", "pays:FR"):
        assert f'href="{france[key].get_absolute_url()}"' in response.content.decode()
    assert not response.cookies


def test_every_territory_in_force_has_a_page_and_a_unique_title(client, france):
    titles = {}
    for territory in Territory.objects.active():
        if territory.current == territory:
            title = TerritoryPage(territory, timezone.now()).title
            assert titles.setdefault(title, territory) == territory
    assert len(titles) > 100
    one_of_each = {territory.type: territory for territory in titles.values()}
    for territory in one_of_each.values():
        response = client.get(territory.get_absolute_url())
        assert (response.status_code, response.content.decode().count("<h1")) == (200, 1), territory.key


@pytest.mark.parametrize(
    "path",
    [
        "/territoires/commune-44109-autre-nom/",
        "/territoires/commune-44109/",
        "/territoires/commune-44109-Nantes/",
    ],
)
def test_wrong_or_missing_slug_leads_to_the_canonical_address(client, france, path):
    response = client.get(f"{path}?utm_source=x")
    assert (response.status_code, response["Location"]) == (301, NANTES)


def test_codes_of_corsica_are_read_whatever_their_case(client, france):
    ajaccio = france["commune:2A004"].get_absolute_url()
    assert client.get(ajaccio).status_code == 200
    assert client.get(ajaccio.replace("2A004", "2a004"))["Location"] == ajaccio


def test_former_commune_and_commune_deleguee_lead_to_todays_commune(client, france):
    former = Territory.objects.filter(type="commune", replaced_by__isnull=False).first()
    deleguee = Territory.objects.filter(type="commune-deleguee").first()
    associee = Territory.objects.filter(type="commune-associee").first()
    for old in (former, deleguee, associee):
        response = client.get(old.get_absolute_url())
        address = f"{old.current.get_absolute_url()}?depuis={old.type}%3A{old.code}"
        assert (response.status_code, response["Location"]) == (301, address), old.key
        page = client.get(response["Location"])
        canonical = f'<link rel="canonical" href="http://testserver{old.current.get_absolute_url()}">'
        assert canonical in page.content.decode()
        assert f"Le code {old.code} n’est plus celui" in text_of(page) or f"{old.name} est une commune" in text_of(
            page
        )


def test_page_says_that_the_commune_asked_for_joined_it(client, france):
    nantes = france["commune:44109"]
    old = TerritoryFactory(type="commune", code="44999", name="Ancienneville", is_active=False, replaced_by=nantes)
    text = text_of(client.get(client.get(old.get_absolute_url())["Location"]))
    assert "Ancienneville (code 44999) a rejoint Nantes : voici la page du territoire actuel." in text


@pytest.mark.parametrize("asked", ["commune:44109", "commune:99999", "commune:33063", "n’importe quoi", "x" * 5000])
def test_page_does_not_pretend_to_answer_for_another_territory(client, france, asked):
    response = client.get(NANTES, {"depuis": asked})
    assert response.status_code == 200
    text = text_of(response)
    assert "a rejoint Nantes" not in text.replace("aucun territoire de ce code n’a rejoint celui-ci", "")
    assert "depuis" in text


def test_unknown_code_is_told_with_ways_out(client, france):
    response = client.get("/territoires/commune-99999-nulle-part/")
    assert response.status_code == 404
    text = text_of(response)
    assert "Aucun territoire de type « commune » ne porte le code « 99999 »" in text
    assert 'action="/territoires/"' in response.content.decode()
    assert client.get("/territoires/planete-1-terre/").status_code == 404


def test_page_head_for_search_engines(client, france):
    content = client.get(NANTES).content.decode()
    assert "<title>Nantes, commune – Loire-Atlantique (44) – Territoires en commun</title>" in content
    assert '<link rel="canonical" href="http://testserver/territoires/commune-44109-nantes/">' in content
    assert re.search(
        r'<meta name="description" content="Nantes, commune – Loire-Atlantique \(44\)\. [^"]+à Nantes\.', content
    )
    elements = [
        json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', content)
    ]
    area = next(element for element in elements if element["@type"] == "AdministrativeArea")
    assert (area["name"], area["identifier"]["value"]) == ("Nantes", "44109")
    assert [place["name"] for place in area["containedInPlace"]] == [
        "Nantes Métropole",
        "Loire-Atlantique",
        "Pays de la Loire",
        "France",
    ]
    trail = next(element for element in elements if element["@type"] == "BreadcrumbList")
    assert [step["name"] for step in trail["itemListElement"]] == [
        "Accueil",
        "France",
        "Pays de la Loire",
        "Loire-Atlantique",
        "Nantes Métropole",
        "Nantes",
    ]


def test_programmes_are_shown_once_with_their_dates_and_source(client, france):
    programme = ProgrammeFactory(name="Fabriques de territoire", slug="fabriques", acronym="")
    nantes, metropole = france["commune:44109"], france["epci:244400404"]
    common = {"source": "ANCT", "source_date": date(2024, 9, 1)}
    ProgrammeTerritoryFactory(
        programme=programme, territory=nantes, external_ref="a", label="La Cantine", start=date(2020, 10, 1), **common
    )
    ProgrammeTerritoryFactory(programme=programme, territory=nantes, external_ref="b", label="Le Quai", **common)
    ended = ProgrammeFactory(name="Ancien programme", slug="ancien", acronym="AP")
    ProgrammeTerritoryFactory(programme=ended, territory=nantes, external_ref="c", end=date(2021, 12, 31), **common)
    lent = ProgrammeFactory(name="Bocages", slug="bocages", acronym="")
    ProgrammeTerritoryFactory(programme=lent, territory=metropole, external_ref="d", **common)
    text = text_of(client.get(NANTES))
    assert text.count("Fabriques de territoire") == 1
    assert "La Cantine, depuis le 1er octobre 2020" in text
    assert "Source : ANCT, septembre 2024." in text
    assert "Programme, via votre intercommunalité, Nantes Métropole" in text
    assert text.index("Fabriques de territoire") < text.index("Bocages") < text.index("Ancien programme (AP) Terminé")
    page = text_of(client.get(france["departement:44"].get_absolute_url()))
    assert "Fabriques de territoire : 1 territoire" in page.replace("\u00a0", " ")
    assert "Ancien programme" not in page


def test_territory_without_programme_says_so(client, france):
    assert "Aucun programme suivi par la plateforme n’est recensé à Nantes." in text_of(client.get(NANTES))


def test_departement_lists_its_communes_by_page_and_by_name(client, france):
    path = france["departement:44"].get_absolute_url()
    text = text_of(client.get(path))
    assert "Communes de la Loire-Atlantique" in text
    assert "Rezé" in text
    assert "Bordeaux" not in text
    found = client.get(path, {"nom": "Saint Nazaire"})
    assert "Saint-Nazaire" in text_of(found)
    assert '<meta name="robots" content="noindex">' in found.content.decode()
    none = client.get(path, {"nom": "Bordeaux"})
    assert "Aucune commune ne porte ce nom ici" in text_of(none)


@pytest.mark.parametrize(
    "query", ["page=abc", "page=999", "nom=%00", "nom=***", f"nom={'a' * 5000}", "autre=1", "nom=%FF"]
)
def test_bad_parameters_of_a_territory_are_named(client, france, query):
    response = client.get(f"{france['departement:44'].get_absolute_url()}?{query}")
    assert response.status_code == 200
    assert f"Paramètre « {query.split('=')[0]} »" in text_of(response)


def test_contents_that_concern_the_territory_are_shown_nearest_first(client, france):
    section = make_section("Site")
    add_page(section, "Vu de Bordeaux", territories=[france["commune:33063"]])
    add_page(section, "Vu de la région", territories=[france["region:52"]])
    add_page(section, "Vu de Nantes", territories=[france["commune:44109"]])
    draft = add_page(section, "Brouillon", territories=[france["commune:44109"]])
    type(draft).objects.filter(pk=draft.pk).update(live=False)
    text = text_of(client.get(NANTES))
    assert text.index("Contenus utiles ici") < text.index("Vu de Nantes") < text.index("Vu de la région")
    assert "Vu de Bordeaux" not in text
    assert "Brouillon" not in text


def test_rooms_add_their_block_through_the_registry(client, france):
    @territory_blocks.register("essai", order=1)
    def block(territory, now):
        if territory.code != "44109":
            return None
        pages = [{"page": {"title": f"Depuis {territory.name}", "summary": ""}, "url": "/x/"}]
        context = {"pages": pages, "more_url": "", "count": ""}
        return TerritoryBlock("Un bloc d’essai", "base/territory/contents.html", context)

    try:
        assert "Un bloc d’essai Depuis Nantes" in text_of(client.get(NANTES))
        assert "Un bloc d’essai" not in text_of(client.get(france["departement:44"].get_absolute_url()))
    finally:
        territory_blocks.unregister("essai")


def test_registry_keeps_order_and_refuses_a_key_twice():
    registry = Registry()
    registry.register("b", order=2)("second")
    registry.register("z", order=1)("first")
    registry.register("a", order=2)("middle")
    assert list(registry) == ["first", "middle", "second"]
    with pytest.raises(ValueError, match="« b » is already registered"):
        registry.register("b")("again")


def test_index_lists_regions_and_their_departements(client, france):
    response = client.get(reverse("territory_index"))
    text = text_of(response)
    assert text.index("Pays de la Loire") < text.index("Loire-Atlantique (44)")
    assert f'href="{france["departement:44"].get_absolute_url()}"' in response.content.decode()


@pytest.mark.parametrize("key", ["commune:44109", "epci:244400404", "departement:44", "region:52", "pays:FR"])
def test_queries_of_a_territory(client, france, django_assert_max_num_queries, key):
    cache.clear()
    # With nothing in the cache, each room reads once the whole of what it lists.
    with django_assert_max_num_queries(38):
        client.get(france["region:27"].get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(france[key].get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(france[key].get_absolute_url())


def test_queries_do_not_grow_with_the_programmes(client, france, django_assert_num_queries):
    client.get(NANTES)
    ProgrammeTerritoryFactory(territory=france["commune:44109"], external_ref="1")
    with CaptureQueriesContext(connection) as one:
        client.get(NANTES)
    for number in range(3):
        ProgrammeTerritoryFactory(territory=france["commune:44109"], external_ref=f"n{number}")
    with django_assert_num_queries(len(one)):
        client.get(NANTES)


def test_quick_addresses_are_those_of_the_routes(france):
    for territory in france.values():
        assert place_of(territory).get_absolute_url() == territory.get_absolute_url()


def test_sitemap_lists_the_territories_in_force_with_the_day_of_the_import(client, france):
    response = client.get("/sitemap-territoires.xml")
    content = response.content.decode()
    assert response.status_code == 200
    listed = Territory.objects.active().exclude(type__in=["commune-deleguee", "commune-associee"])
    assert content.count("<loc>") == listed.count()
    assert f"<loc>http://testserver{NANTES}</loc>" in content
    assert f"<lastmod>{timezone.localdate():%Y-%m-%d}</lastmod>" in content
    assert "commune-deleguee" not in content


def test_sitemap_is_cut_in_files_and_reads_two_queries_a_file(france, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(TerritorySitemap, "limit", 50)
    sitemap = TerritorySitemap()
    paginator = sitemap.paginator
    assert paginator.num_pages == -(-paginator.count // 50) > 1
    with django_assert_num_queries(2):
        urls = [sitemap.location(item) for item in paginator.page(1).object_list]
        sitemap.get_latest_lastmod()
        sitemap.lastmod(None)
    assert len(set(urls)) == 50
