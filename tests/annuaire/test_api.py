"""The API of the directory: the same answers as its list, public information only, strict parameters."""

from datetime import date

import pytest

from annuaire.models import ActorContact
from tests.annuaire.build import make_actor
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def france(home, small_france):
    return small_france


@pytest.fixture
def actor(france):
    return make_actor(
        title="Le Fil",
        acronym="LF",
        rna="W231234567",
        address="1 place de la Mairie",
        postal_code="23000",
        commune=france["commune:23096"],
        latitude=46.17,
        longitude=1.87,
        phone="05 36 49 12 34",
        email="cachee@exemple.fr",
        email_is_public=False,
        website="https://exemple.fr/",
        opening_hours={"mo": "9\u00a0h – 12\u00a0h"},
        verified_on=date(2026, 5, 1),
        source="Essai",
        themes=[ThemeFactory(name="Essais", slug="essais")],
        territories=[france["epci:200034825"]],
        contacts=[
            ActorContact(name="Camille Lefictif", email="camille@exemple.fr"),
            ActorContact(name="Sacha Montré", name_is_public=True, consented_on=date(2026, 1, 1)),
        ],
    )


def test_actor_is_given_whole_and_without_persons(client, actor):
    answer = client.get("/api/v1/acteurs?territoire=commune:23096").json()
    assert answer == {
        "total": 1,
        "page": 1,
        "pages": 1,
        "resultats": [
            {
                "id": str(actor.uuid),
                "nom": "Le Fil",
                "sigle": "LF",
                "type": "association",
                "siren": "",
                "siret": "",
                "rna": "W231234567",
                "resume": actor.summary,
                "adresse": "1 place de la Mairie",
                "code_postal": "23000",
                "commune": {"id": "commune:23096", "nom": "Guéret"},
                "latitude": 46.17,
                "longitude": 1.87,
                "telephone": "05 36 49 12 34",
                "courriel": "",
                "site": "https://exemple.fr/",
                "horaires": {"lundi": "9\u00a0h – 12\u00a0h"},
                "territoires": [{"id": "epci:200034825", "nom": "CA du Grand Guéret"}],
                "thematiques": ["essais"],
                "programmes": [],
                "verifiee_le": "2026-05-01",
                "source": "Essai",
                "licence": "etalab-2.0",
                "url": "http://testserver/annuaire/le-fil/",
            }
        ],
    }
    assert client.get(f"/api/v1/acteurs/{actor.uuid}").json() == answer["resultats"][0]


@pytest.mark.parametrize("address", ["/api/v1/acteurs", "/api/v1/acteurs/points", "/api/v1/acteurs?q=fil"])
def test_hidden_and_named_contacts_are_nowhere(client, actor, address):
    text = client.get(address).content.decode()
    assert "Le Fil" in text
    assert [secret for secret in ("cachee", "Lefictif", "camille", "Sacha") if secret in text] == []


def test_points_are_geojson_with_the_centre_of_the_commune_for_want_of_better(client, actor, france):
    make_actor(title="Sans adresse", territories=[france["commune:23096"]])
    make_actor(title="À Nantes", commune=france["commune:44109"], territories=[france["commune:44109"]])
    answer = client.get("/api/v1/acteurs/points?tri=titre").json()
    nantes = france["commune:44109"]
    assert answer == {
        "type": "FeatureCollection",
        "total": 3,
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [nantes.longitude, nantes.latitude]},
                "properties": {"nom": "À Nantes", "url": "/annuaire/a-nantes/", "precision": "commune"},
            },
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [1.87, 46.17]},
                "properties": {"nom": "Le Fil", "url": "/annuaire/le-fil/", "precision": "adresse"},
            },
        ],
    }


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("type=licorne", "type"),
        ("territoire=commune:99999", "territoire"),
        ("thematique=inconnue", "thematique"),
        ("tri=hasard", "tri"),
        ("page=99", "page"),
        ("page=abc", "page"),
        ("limite=0", "limite"),
        ("limite=101", "limite"),
        ("limite=abc", "limite"),
        ("export=csv", "export"),
        ("inconnu=1", "inconnu"),
    ],
)
@pytest.mark.parametrize("route", ["acteurs", "acteurs/points"])
def test_wrong_parameters_are_errors_that_name_them(client, france, route, query, parameter):
    response = client.get(f"/api/v1/{route}?{query}")
    assert (response.status_code, response.json()["parametre"]) == (400, parameter)
    assert response.json()["detail"]


@pytest.mark.parametrize("key", ["abc", "00000000-0000-0000-0000-000000000000", "1", "%00"])
def test_unknown_actor_is_not_found(client, france, key):
    response = client.get(f"/api/v1/acteurs/{key}")
    assert (response.status_code, "detail" in response.json()) == (404, True)


def test_drafts_are_not_given(client, france):
    draft = make_actor(title="Brouillon", live=False, territories=[france["commune:23096"]])
    assert client.get("/api/v1/acteurs").json()["total"] == 0
    assert client.get(f"/api/v1/acteurs/{draft.uuid}").status_code == 404


def test_pages_follow_each_other(client, france):
    for number in range(3):
        make_actor(title=f"Acteur {number}", territories=[france["commune:23096"]])
    first = client.get("/api/v1/acteurs?limite=2&tri=titre").json()
    second = client.get("/api/v1/acteurs?limite=2&tri=titre&page=2").json()
    assert [actor["nom"] for actor in first["resultats"] + second["resultats"]] == ["Acteur 0", "Acteur 1", "Acteur 2"]
    assert (first["pages"], second["page"]) == (2, 2)


def test_other_sites_may_read(client, france):
    response = client.get("/api/v1/acteurs")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.post("/api/v1/acteurs", {}).status_code == 405


@pytest.mark.parametrize("route", ["acteurs", "acteurs/points"])
def test_queries_do_not_grow_with_the_actors(client, france, route, django_assert_max_num_queries):
    make_actor(title="Un", commune=france["commune:23096"], territories=[france["commune:23096"]])
    client.get(f"/api/v1/{route}")
    with django_assert_max_num_queries(8):
        client.get(f"/api/v1/{route}")
    for number in range(3):
        make_actor(title=f"{number}", commune=france["commune:23096"], territories=[france["commune:23096"]])
    client.get(f"/api/v1/{route}")
    with django_assert_max_num_queries(8):
        client.get(f"/api/v1/{route}")


def test_documentation_describes_the_actors(client, france):
    html = client.get("/api/v1/docs").content.decode()
    assert "/api/v1/acteurs/points" in html
    assert "resultats[].territoires[].id" in html
