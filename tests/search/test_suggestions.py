"""What is proposed to who is typing: on the page and by the API."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from tests.base.listing_site import add_page, make_section
from tests.factories import ActorPageFactory, DirectoryPageFactory
from tests.query_costs import cost_of_visit

pytestmark = pytest.mark.django_db

API = "/api/v1/suggestions"
FRAGMENT = "/recherche/suggestions/"
NOTHING = {"territoires": [], "acteurs": [], "contenus": []}


@pytest.fixture
def section(small_france):
    return make_section("Accueil")


@pytest.fixture
def directory(section):
    return DirectoryPageFactory(parent=section)


def names(client, text, group="contenus"):
    """The names proposed in a group."""
    return [row["nom"] for row in client.get(API, {"q": text}).json()[group]]


def test_three_groups_each_with_its_address(client, section, directory):
    page = add_page(section, "Nantes à vélo")
    actor = ActorPageFactory(parent=directory, title="Nantes Entraide")
    found = client.get(API, {"q": "nante"}).json()
    assert found == {
        "territoires": [
            {"nom": "Nantes", "precision": "Loire-Atlantique (44)", "url": "/territoires/commune-44109-nantes/"},
            *found["territoires"][1:],
        ],
        "acteurs": [{"nom": "Nantes Entraide", "precision": "", "url": actor.url}],
        "contenus": [{"nom": "Nantes à vélo", "precision": "Contenu d’essai", "url": page.url}],
    }


def test_each_group_is_short(client, section, directory):
    for number in range(7):
        add_page(section, f"Sanction {number}")
        ActorPageFactory(parent=directory, title=f"Sanctuaire {number}")
    found = client.get(API, {"q": "sa"}).json()
    assert {group: len(rows) for group, rows in found.items()} == {"territoires": 3, "acteurs": 4, "contenus": 5}


@pytest.mark.parametrize(
    "text",
    ["éco", "ECO", "ecole ru", "école rurales", "rurales ec", "les ecole", "l’éco", "écoles r", "école de la ru"],
)
def test_words_whole_and_the_last_one_begun(client, section, text):
    add_page(section, "Les écoles rurales de la vallée")
    add_page(section, "Une halle couverte")
    assert names(client, text) == ["Les écoles rurales de la vallée"]


@pytest.mark.parametrize("text", ["cole", "eco halle", "ec rurales", "zz"])
def test_what_does_not_begin_so_is_not_proposed(client, section, text):
    add_page(section, "Les écoles rurales de la vallée")
    assert names(client, text) == []


def test_titles_that_begin_so_come_first_then_the_others(client, section):
    add_page(section, "Un marché de plein air")
    add_page(section, "Marché couvert")
    assert names(client, "marc") == ["Marché couvert", "Un marché de plein air"]


def test_acronym_finds_its_actor_first(client, directory):
    ActorPageFactory(parent=directory, title="Adilette, club de danse")
    ActorPageFactory(parent=directory, title="Agence pour le logement", acronym="ADIL")
    assert names(client, "adil", "acteurs") == ["Agence pour le logement", "Adilette, club de danse"]
    assert names(client, "adi", "acteurs") == ["Agence pour le logement", "Adilette, club de danse"]


@pytest.mark.parametrize("text", ["ressourcrie", "resourcerie inter", "ressourcer intercomunale", "resourc"])
def test_typing_errors_are_read_when_nothing_begins_so(client, section, text):
    add_page(section, "Une ressourcerie intercommunale")
    assert names(client, text) == ["Une ressourcerie intercommunale"]


@pytest.mark.parametrize("text", ["kti", "hale", "un ressourcerie KTIS"])
def test_short_words_and_acronyms_are_read_as_they_are(client, section, text):
    add_page(section, "Un kit pour la halle et la ressourcerie KITS")
    assert names(client, text) == []


def test_misspelt_territory_is_proposed_when_nothing_begins_so(client, section):
    assert names(client, "nanttes", "territoires")[:1] == ["Nantes"]
    add_page(section, "Nanttes, un mot rare")
    assert names(client, "nanttes", "territoires") == []


def test_what_visitors_may_not_read_is_never_proposed(client, section, directory):
    shown = add_page(section, "Fontaine publique")
    draft = add_page(section, "Fontaine secrète")
    draft.unpublish()
    hidden = add_page(section, "Fontaine réservée")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    withdrawn = ActorPageFactory(parent=directory, title="Fontaine et compagnie")
    assert names(client, "fontaine") == ["Fontaine publique"]
    assert names(client, "fontaine", "acteurs") == ["Fontaine et compagnie"]
    withdrawn.unpublish()
    shown.title = "Titre en préparation"
    shown.save_revision()
    content = client.get(FRAGMENT, {"q": "fontaine"}).content.decode()
    assert content.count('role="option"') == 1
    assert "secr" not in content
    assert client.get(API, {"q": "titre en prep"}).json() == NOTHING


def test_private_section_hides_all_that_it_holds(client, section, directory):
    ActorPageFactory(parent=directory, title="Fontaine et compagnie")
    assert names(client, "fontaine", "acteurs") == ["Fontaine et compagnie"]
    PageViewRestriction.objects.create(page=directory, restriction_type="login")
    assert client.get(API, {"q": "fontaine"}).json() == NOTHING


def test_fragment_is_a_list_of_named_groups(client, section):
    page = add_page(section, "Nantes à vélo")
    content = client.get(FRAGMENT, {"q": "nantes"}).content.decode()
    assert '<div role="listbox" id="suggestions" aria-label="Suggestions">' in content
    assert re.findall(r'role="group" aria-labelledby="([^"]*)"', content) == [
        "suggestions-territoires",
        "suggestions-contenus",
    ]
    assert re.findall(r'role="presentation" id="([^"]*)">([^<]*)<', content) == [
        ("suggestions-territoires", "Territoires"),
        ("suggestions-contenus", "Contenus"),
    ]
    identifiers = re.findall(r'\bid="([^"]*)"', content)
    assert len(identifiers) == len(set(identifiers))
    assert f'role="option" id="suggestions-contenus-1" aria-selected="false" data-url="{page.url}"' in content
    assert "<mark>Nantes</mark> à vélo" in content


def test_typed_part_is_marked_and_everything_is_escaped(client, section):
    add_page(section, "Cœur de <b>bourg</b> & <script>alert(1)</script>")
    content = client.get(FRAGMENT, {"q": "bourg coe"}).content.decode()
    assert "<mark>Cœ</mark>ur de &lt;b&gt;<mark>bourg</mark>&lt;/b&gt; &amp; &lt;script&gt;" in content
    assert "<script" not in client.get(FRAGMENT, {"q": "<script>alert"}).content.decode()


@pytest.mark.parametrize("query", ["", "q=", "q=f", "q=%20f%20", "q=%00fontaine", "q=fo&q=fa", "q=fontaine&autre=1"])
def test_fragment_is_empty_for_less_than_two_characters_or_a_wrong_text(client, section, query):
    add_page(section, "Fontaine")
    response = client.get(f"{FRAGMENT}?{query}")
    assert (response.status_code, response.content.decode().strip()) == (200, "")


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("", "q", "Le paramètre « q » est obligatoire : ce que la personne a commencé à taper."),
        ("q=%20", "q", "Le paramètre « q » est obligatoire : ce que la personne a commencé à taper."),
        ("q=" + "a" * 201, "q", "Le paramètre « q » dépasse 200 caractères."),
        ("q=a%00b", "q", "Le paramètre « q » contient des caractères de contrôle."),
        ("q=%FF%FE", "q", "Le paramètre « q » contient des octets qui ne sont pas de l’UTF-8."),
        ("q=kit&q=eau", "q", "Le paramètre « q » est donné plusieurs fois."),
        ("q=kit&limite=3", "limite", "Le paramètre « limite » n’existe pas."),
    ],
)
def test_api_says_what_is_wrong(client, section, query, parameter, detail):
    response = client.get(f"{API}?{query}")
    assert response.status_code == 400
    assert response.json() == {"detail": detail, "parametre": parameter}


@pytest.mark.parametrize(
    "text", ["*", ".*", "a|b", "(((", "[a-", "\\", '"kit', "kit -", "''", "l'", "« »", "%_", "AND OR NOT", "x" * 200]
)
def test_signs_are_text(client, section, text):
    add_page(section, "Fontaine")
    assert names(client, text) == []


def test_caches_ask_again_and_no_cookie_is_set(client, section):
    for path, caching in ((API, "no-cache"), (FRAGMENT, "public, max-age=0")):
        response = client.get(path, {"q": "fontaine"})
        assert response["Cache-Control"].startswith(caching)
        assert not response.cookies
    assert client.get(API, {"q": "kit"})["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [API, FRAGMENT])
def test_suggestions_are_read_only(client, section, path):
    assert client.post(path, {"q": "kit"}).status_code in (403, 405)


def test_queries_are_few_and_do_not_grow(client, section, directory):
    seen = {}
    for total in (1, 3):
        for number in range(total):
            add_page(section, f"Fontaine {total} {number}")
            ActorPageFactory(parent=directory, title=f"Fontaine {total} {number}")
        client.get(FRAGMENT, {"q": "fontaine"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(FRAGMENT, {"q": "fontaine"}).status_code == 200
        seen[total] = len(queries)
    assert seen == {1: 3, 3: 3}  # what visitors see, and two for the territories


def test_queries_cold(client, section):
    add_page(section, "Fontaine")
    client.get(API, {"q": "fontaine"})
    assert cost_of_visit(client, f"{API}?q=fontaine", is_cold=True) <= 10
