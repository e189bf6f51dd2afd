"""The two engines read French alike, and Wagtail's own search too."""

import pytest

from search.elastic.backend import server
from search.text.analysis import stems, words
from territoires_en_commun.base.models import BasePage

pytestmark = pytest.mark.any_database

TEXTS = [
    "L’école, les écoles rurales et l'eau qu’il faut",
    "Œuvres d’art, cœurs de ville, ŒUVRE",
    "Prud’hommes aujourd'hui : presqu’île, grand’rue",
    "L’A.N.C.T. et la C.A.F. à 10 h 30, le 3ème mardi (n° 12-bis)",
    "porte-à-porte, Saint-Étienne, exemple.fr/adresse?x=1, contact@exemple.fr",
    "Communes nouvelles, communautés, intercommunalités, revitalisation, médecins",
    "Élus, usagers, vélos, rues, âges, jeux, eaux, prix, paix, lieux, nombreux, genoux, locaux, réseaux, tuyaux, Pau",
    "pause, refuser, refus, propos, express, accès, bus, as, exclusion, mobiliers, matériaux, étau, taux, ABAUX",
    "ǅ ﬁn naïveté Straße ÅNGSTRÖM",
]


def read_by_server(analyzer, text):
    backend = server()
    answer = backend.es.indices.analyze(index=backend.get_index_for_model(BasePage).name, analyzer=analyzer, text=text)
    return [token["token"] for token in answer["tokens"]]


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_the_server_reads_as_we_do(engine):
    assert {text: read_by_server("default", text) for text in TEXTS} == {text: stems(text) for text in TEXTS}
    assert {text: read_by_server("plain_words", text) for text in TEXTS} == {text: words(text) for text in TEXTS}


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
@pytest.mark.parametrize("query", ["école", "ecole", "ÉCOLES", "rurale"])
def test_search_of_the_editing_space_finds_french_words(engine, query):
    titles = ["Les écoles rurales"]
    assert [page.title for page in BasePage.objects.search(query)] == titles
    assert [page.title for page in BasePage.objects.all().autocomplete(query[:4])] == titles
    assert BasePage.objects.search(query).count() == 1


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_search_of_the_editing_space_requires_every_word(engine):
    assert [page.title for page in BasePage.objects.search("commune école")] == ["Les écoles rurales"]
    assert list(BasePage.objects.search("école introuvable")) == []


@pytest.mark.parametrize("engine", ["embarque", "elasticsearch"], indirect=True)
def test_screens_of_the_editing_space_search(engine, admin_client):
    page = admin_client.get("/admin/pages/search/?q=rurales").content.decode()
    assert "Les écoles rurales" in page
    assert "Un bus à la demande" not in page
