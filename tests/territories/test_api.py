"""The public API: its contract, its refusals, in French, and its documentation."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

API = "/api/v1/territoires"
NANTES = {
    "id": "commune:44109",
    "type": "commune",
    "code": "44109",
    "nom": "Nantes",
    "precision": "Loire-Atlantique (44)",
    "url": "/territoires/commune-44109-nantes/",
}


def test_search_answers_the_contract(client, small_france):
    response = client.get(API, {"q": "nantes", "limite": 1})
    assert response.status_code == 200
    assert response.json() == {"resultats": [NANTES]}


def test_search_gives_ten_results_by_default(client, small_france):
    assert len(client.get(API, {"q": "sa"}).json()["resultats"]) == 10
    assert len(client.get(API, {"q": "sa", "limite": "50"}).json()["resultats"]) > 10


def test_search_without_answer_is_an_empty_list(client, small_france):
    response = client.get(API, {"q": "zzzzqqqq"})
    assert (response.status_code, response.json()) == (200, {"resultats": []})


def test_search_restricts_to_types(client, small_france):
    types = {row["type"] for row in client.get(API, {"q": "lyon", "type": "epci,arrondissement"}).json()["resultats"]}
    assert types == {"epci", "arrondissement"}


def test_search_never_answers_with_a_commune_deleguee(client, small_france):
    rows = client.get(API, {"q": "annecy-le-vieux"}).json()["resultats"]
    assert rows[0] == {
        "id": "commune:74010",
        "type": "commune",
        "code": "74010",
        "nom": "Annecy",
        "precision": "Haute-Savoie (74), commune déléguée : Annecy-le-Vieux",
        "url": "/territoires/commune-74010-annecy/",
    }


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("", "q", "Le paramètre « q » est obligatoire : le nom ou le code d’un territoire."),
        ("q=", "q", "Le paramètre « q » est obligatoire : le nom ou le code d’un territoire."),
        ("q=+++", "q", "Le paramètre « q » est obligatoire : le nom ou le code d’un territoire."),
        (f"q={'a' * 201}", "q", "Le paramètre « q » dépasse 200 caractères."),
        (f"q={'a' * 5000}", "q", "Le paramètre « q » dépasse 200 caractères."),
        ("q=nan%00tes", "q", "Le paramètre « q » contient des caractères de contrôle."),
        ("q=nan%0Ates", "q", "Le paramètre « q » contient des caractères de contrôle."),
        ("q=%FF%FE", "q", "Le paramètre « q » contient des octets qui ne sont pas de l’UTF-8."),
        ("q=nantes&limite=abc", "limite", "Le paramètre « limite » doit être un nombre entier."),
        ("q=nantes&limite=", "limite", "Le paramètre « limite » doit être un nombre entier."),
        ("q=nantes&limite=1.5", "limite", "Le paramètre « limite » doit être un nombre entier."),
        ("q=nantes&limite=%00", "limite", "Le paramètre « limite » doit être un nombre entier."),
        ("q=nantes&limite=0", "limite", "Le paramètre « limite » va de 1 à 50."),
        ("q=nantes&limite=-3", "limite", "Le paramètre « limite » va de 1 à 50."),
        ("q=nantes&limite=51", "limite", "Le paramètre « limite » va de 1 à 50."),
        (f"q=nantes&limite={'9' * 40}", "limite", "Le paramètre « limite » va de 1 à 50."),
        (f"q=nantes&limite={'9' * 5000}", "limite", "Le paramètre « limite » doit être un nombre entier."),
        (
            "q=nantes&type=ville",
            "type",
            "Le paramètre « type » n’accepte que : commune, arrondissement, epci, ept, departement, region, pays.",
        ),
        ("q=a&q=b", "q", "Le paramètre « q » est donné plusieurs fois."),
        ("q=a&limite=1&limite=2", "limite", "Le paramètre « limite » est donné plusieurs fois."),
        ("q=a&page=2", "page", "Le paramètre « page » n’existe pas."),
    ],
)
def test_search_refuses_and_names_the_parameter(client, db, query, parameter, detail):
    response = client.get(f"{API}?{query}")
    assert response.status_code == 400
    assert response.json() == {"detail": detail, "parametre": parameter}


def test_search_refuses_a_hostile_parameter_name(client, db):
    response = client.get(f"{API}?q=a&{quote(chr(0) + '<b>' * 50)}=1")
    assert response.status_code == 400
    assert response.json()["parametre"] == ("�" + "<b>" * 50)[:40]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["q", "limite", "type", "x"]), st.text(max_size=30), max_size=4))
def test_search_answers_200_or_400_whatever_is_asked(client, db, query):
    response = client.get(API, query)
    assert response.status_code in (200, 400)
    assert ("resultats" if response.status_code == 200 else "detail") in response.json()


def test_search_can_be_cached_and_read_from_anywhere(client, small_france):
    response = client.get(API, {"q": "nantes"})
    headers = {name: response[name] for name in ("Cache-Control", "Access-Control-Allow-Origin", "Content-Type")}
    assert headers == {
        "Cache-Control": "public, max-age=300",
        "Access-Control-Allow-Origin": "*",
        "Content-Type": "application/json; charset=utf-8",
    }
    assert not response.cookies
    assert client.get(API, {"q": "nantes"}, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_head_answers_like_get(client, small_france):
    response = client.head(API, {"q": "nantes"})
    assert (response.status_code, response.content) == (200, b"")


def test_options_says_what_is_allowed(client, db):
    response = client.options(API)
    assert (response.status_code, response["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_refused(client, db, method):
    response = getattr(client, method)(f"{API}?q=nantes")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json() == {
        "detail": "Cette API se lit seulement : utilisez la méthode GET.",
        "parametre": "",
    }


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/territoire", "/api/v1/territoires/", "/api/v1/a/b/c"])
def test_unknown_address_is_a_json_404(client, db, address):
    response = client.get(address)
    assert response.status_code == 404
    assert response.json() == {"detail": "Cette adresse n’existe pas dans l’API.", "parametre": ""}


def test_defect_is_a_json_500(client, db, monkeypatch, caplog):
    monkeypatch.setattr("territoires_en_commun.territories.api.search_territories", lambda *_args, **_kwargs: 1 / 0)
    response = client.get(API, {"q": "nantes"})
    assert response.status_code == 500
    assert response.json() == {"detail": "Erreur inattendue ; réessayez plus tard.", "parametre": ""}
    assert "division by zero" in caplog.text


def test_openapi_describes_the_search(client, db):
    schema = client.get(reverse("api:openapi-json")).json()
    operation = schema["paths"][API]["get"]
    assert schema["openapi"].startswith("3.1")
    assert [parameter["name"] for parameter in operation["parameters"]] == ["q", "limite", "type"]
    assert set(operation["responses"]) == {"200", "400"}
    row = schema["components"]["schemas"]["TerritoryResult"]
    assert list(row["properties"]) == ["id", "type", "code", "nom", "precision", "url"]


def test_documentation_is_a_page_of_the_site_without_foreign_script(client, site):
    response = client.get(reverse("api:documentation"))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert all(text in html for text in ("GET /api/v1/territoires", "limite", "resultats[].nom", "Réponse 400"))
    assert "swagger" not in html.lower()
    assert 'src="http' not in html
