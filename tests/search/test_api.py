"""The search as JSON: what it says, and what it refuses."""

import pytest

from tests.base.listing_site import add_page


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("q=%C3%A9cole&page=abc", "page", "numéro de page"),
        ("q=%C3%A9cole&page=0", "page", "première page"),
        ("q=%C3%A9cole&page=9999", "page", "n'existe pas"),
        ("q=%C3%A9cole&limite=500", "limite", "de 1 à 50"),
        ("q=%C3%A9cole&genre=inconnu", "genre", "n'existe pas ici"),
        ("q=%C3%A9cole&thematique=inconnue", "thematique", "n'existe pas ici"),
        ("q=%C3%A9cole&territoire=nulle-part", "territoire", ""),
        ("q=%C3%A9cole&tri=hasard", "tri", "n'existe pas"),
        ("q=%C3%A9cole&lieu=ici", "lieu", "mots"),
        ("q=" + "a" * 5000, "q", "200 caractères"),
        ("q=%00", "q", ""),
        ("q=%FF", "q", "illisibles"),
        ("q=*", "q", "aucun mot"),
        ("q=a&q=b", "q", "plusieurs fois"),
        ("q=%C3%A9cole&couleur=bleu", "couleur", "n'existe pas ici"),
    ],
)
def test_wrong_parameters_are_named_in_french(corpus, client, query, parameter, words):
    response = client.get(f"/api/v1/recherche?{query}")
    assert response.status_code == 400
    error = response.json()
    assert error["parametre"] == parameter
    assert words in error["detail"]


@pytest.mark.parametrize("asked", [{"q": "marquise"}, {"q": ""}])
def test_excerpt_is_safe_html_even_where_nothing_is_marked(corpus, client, asked):
    add_page(corpus, "Une marquise neuve", summary="Moins de <b>10</b> € & plus")
    results = client.get("/api/v1/recherche", asked).json()["resultats"]
    found = next(result for result in results if result["titre"].endswith("neuve"))
    assert found["extrait"] == "Moins de &lt;b&gt;10&lt;/b&gt; € &amp; plus"


def test_answer_has_what_programs_need(corpus, ask, small_france):
    answer = ask("mobilité", limite=5)
    assert set(answer) == {
        "total", "page", "pages", "resultats", "facettes", "territoire", "suggestion", "moteur", "ms",
    }  # fmt: skip
    found = answer["resultats"][0]
    assert found["titre"] == "Kit mobilité : choisir ses pistes cyclables"
    assert found["genre"] == "contenu-d-essai"
    assert found["url"].startswith("/")
    assert len(found["id"]) == 36
    assert answer["facettes"]["thematique"] == [{"valeur": "mobilites", "libelle": "Mobilités", "nombre": 1}]


def test_reading_is_open_to_other_sites_and_documented(corpus, client):
    response = client.get("/api/v1/recherche", {"q": "école"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.post("/api/v1/recherche", {"q": "école"}).status_code == 405
    assert "/api/v1/recherche" in client.get("/api/v1/docs").content.decode()


def test_suggestion_only_when_nothing_is_found_and_it_finds_something(corpus, ask, client):
    assert ask("école")["suggestion"] is None
    assert ask("zzzzzzz")["suggestion"] is None
    answer = ask("Mobillité", thematique="mobilites", genre="contenu-d-essai")
    assert answer["total"] == 1  # read as « mobilité » without asking
