"""Hostile requests on every public view (features.md §16): an answer in French, never an error of ours.

The views are discovered in the URLconf and the page types among the models: a new one is covered at once. A new
route with parameters needs a line in ``SAMPLES``, which its own test asks for.
"""

import re
import uuid

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver
from factory.django import DjangoModelFactory

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.mailing.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

PRIVATE = ("admin/",)
# A working address for each route that takes parameters, by pattern.
SAMPLES = {
    "sitemap-<section>.xml": ["/sitemap-pages.xml", "/sitemap-autre.xml"],
    "api/v1/acteurs/<identifiant>": ["/api/v1/acteurs/inconnu"],
    "api/v1/<path:rest>": ["/api/v1/autre/chose"],
    "territoires/<territory_type:type>-<territory_code:code>-<slug:slug>/": [
        "/territoires/commune-44109-nantes/",
        "/territoires/departement-44-loire-atlantique/",
        "/territoires/commune-99999-inconnue/",
    ],
    "territoires/<territory_type:type>-<territory_code:code>/": ["/territoires/epci-000000000/"],
    "signaler-une-erreur/<int:pk>/": ["/signaler-une-erreur/3/", f"/signaler-une-erreur/{'9' * 18}/"],
    "experiences/contact/<slug:slug>/": ["/experiences/contact/inconnue/", f"/experiences/contact/{'a' * 5000}/"],
    "experiences/messages/fin/<str:token>/": [
        "/experiences/messages/fin/faux/",
        f"/experiences/messages/fin/{'a' * 5000}/",
    ],
    "experiences/messages/reponse/<str:token>/": [
        "/experiences/messages/reponse/faux/",
        f"/experiences/messages/reponse/{'a' * 5000}/",
    ],
    "annuaire/opposition/<str:token>/": ["/annuaire/opposition/faux/", f"/annuaire/opposition/{'a' * 5000}/"],
    "agenda/pointage/<uuid:ticket>/": ["/agenda/pointage/2f3e4b6a-0000-4000-8000-000000000000/"],
    "agenda/attestations/<str:token>/": ["/agenda/attestations/faux/", f"/agenda/attestations/{'a' * 5000}/"],
    "ressources/telecharger/<int:kit_pk>/tout/": ["/ressources/telecharger/1/tout/"],
    "ressources/telecharger/<int:kit_pk>/<int:document_pk>/": [
        "/ressources/telecharger/1/1/",
        f"/ressources/telecharger/{'9' * 30}/{'9' * 30}/",
    ],
    "experiences/partager/suppression/<str:token>/": [
        "/experiences/partager/suppression/faux/",
        f"/experiences/partager/suppression/{'a' * 5000}/",
    ],
    "experiences/partager/depot/<str:token>/": [
        "/experiences/partager/depot/faux/",
        f"/experiences/partager/depot/{'a' * 5000}/",
    ],
    "experiences/partager/depot/<str:token>/envoi/": ["/experiences/partager/depot/faux/envoi/"],
    "experiences/partager/depot/<str:token>/<slug:step>/": ["/experiences/partager/depot/faux/projet/"],
    "agenda/inscription/<uuid:session>/": [f"/agenda/inscription/{uuid.UUID(int=9)}/"],
    "agenda/inscription/<uuid:session>/envoyee/": [f"/agenda/inscription/{uuid.UUID(int=9)}/envoyee/"],
    "agenda/inscription/confirmer/<str:token>/": [
        "/agenda/inscription/confirmer/faux/",
        f"/agenda/inscription/confirmer/{'a' * 5000}/",
    ],
    "agenda/inscription/gerer/<str:token>/": [
        "/agenda/inscription/gerer/faux/",
        f"/agenda/inscription/gerer/{'a' * 5000}/",
    ],
    "agenda/inscription/modifier/<str:token>/": ["/agenda/inscription/modifier/faux/"],
    "agenda/inscription/calendrier/<str:token>/": ["/agenda/inscription/calendrier/faux/"],
    "agenda/inscription/transmettre/<str:token>/": ["/agenda/inscription/transmettre/faux/"],
    "agenda/inscription/place/<str:token>/": ["/agenda/inscription/place/faux/"],
    "agenda/inscription/participants/<str:token>/": ["/agenda/inscription/participants/faux/"],
    "agenda/mes-inscriptions/donnees/<str:token>/": ["/agenda/mes-inscriptions/donnees/faux/"],
    "agenda/mes-inscriptions/donnees/<str:token>/export/": ["/agenda/mes-inscriptions/donnees/faux/export/"],
    "agenda/mes-inscriptions/effacer/<str:token>/": ["/agenda/mes-inscriptions/effacer/faux/"],
    "media/images/<path:path>": ["/media/images/inconnue.avif", "/media/images/../settings.py"],
    r"documents/^(\d+)/(.*)$": ["/documents/1/inconnu.pdf", f"/documents/{'9' * 30}/inconnu.pdf"],
    "documents/authenticate_with_password/<int:restriction_id>/": [
        "/documents/authenticate_with_password/1/",
        f"/documents/authenticate_with_password/{'9' * 18}/",
    ],
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": [
        "/_util/authenticate_with_password/1/1/"
    ],
    r"^((?:[\w\-]+/)*)$": ["/", "/inconnue/", f"/{'a' * 5000}/", "/%C3%A9cole/", "/page/2/"],
}
PARAMETERS = (
    "q", "page", "type", "thematique", "programme", "territoire", "tri", "export", "nom", "limite", "next", "date",
    "p", "pages", "format", "comme", "selon", "etat", "public", "id", "vue",
    "statut", "structure", "publies", "financeur", "annee", "mois", "partenaire",
    "code", "quand", "mode", "du", "au",
)  # fmt: skip
VALUES = (
    "", "abc", "-1", "0", "9999", "1e400", "9" * 5000, "2026-02-31", "0000-00-00", "%00", "a%00b", "a" * 5000,
    "%FF%FE", "%ED%A0%80", "%F0%9F%98%80", "commune:99999", "epci:000000000", "commune:", ":", "%22",
    "0001-01", "9999-12", "2027-13", "0001-01-01", "9999-12-31",
    "%27%20OR%201=1--",
    "*", "%25", "%5C", "%3Cscript%3Ealert(1)%3C/script%3E", "%E2%80%AEabc", "..%2F..%2Fetc%2Fpasswd", "//exemple.fr",
    "csv", "titre", "1&page=2",
)  # fmt: skip
WORST = ("a%00b", "-1", "a" * 5000)
WHOLE = ("inconnu=1", "=", "&&&", "?", "%00=1", "%FF=%FF", "a[]=1&a[]=2", "q=a&q=b&page=1&page=2", "x" * 5000)
PATHS = (
    "/%00/",
    "/%FF%FE/",
    "/territoires/%00/",
    "/territoires/commune-44109-%00/",
    "/territoires/commune-%FF-x/",
    "/territoires/commune-0-" + "x" * 3000 + "/",
    "/recherche/%0d%0aSet-Cookie:a=b/",
    "/..%2f..%2fetc/passwd",
    "/api/v1/%00",
    "/documents/%00/a.pdf",
    "/media/images/%00",
    "/sitemap-%00.xml",
    "/" + "a/" * 900,
)
ANSWERS = {200, 301, 302, 404}
# What scripts tell, with a signed token instead of that of a form: nothing to read there.
TOLD_BY_SCRIPTS = {"/recherche/clic/"}


def routes(resolver=None, prefix=""):
    """The patterns of the public routes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(PRIVATE):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def addresses():
    """An address or more for each public route."""
    for route in routes():
        yield from SAMPLES.get(route, [] if re.search(r"[<^(]", route) else [f"/{route}"])


def page_types():
    """Every page type of the site, those of the tests apart."""
    models = [model for model in apps.get_models() if issubclass(model, BasePage) and model is not BasePage]
    return [model for model in models if not model.__module__.startswith("tests.")]


@pytest.fixture
def france(site, small_france):
    """A site in place, on a few real territories."""
    return site


def hostile_queries(is_found=True):
    """All the parameters with each bad value, each parameter alone with the worst, then what is wrong as a whole.

    An address that leads nowhere reads no parameter: the worst are enough there.
    """
    for value in VALUES if is_found else WORST:
        yield "&".join(f"{parameter}={value}" for parameter in PARAMETERS)
    for parameter in PARAMETERS if is_found else ():
        yield from (f"{parameter}={value}" for value in WORST)
    yield from WHOLE


def refused(client, path, allowed=ANSWERS):
    """The hostile queries that this address does not answer as it must, with the status given."""
    client.raise_request_exception = False
    queries = hostile_queries(is_found=client.get(path).status_code != 404)
    answers = {query: client.get(f"{path}?{query}").status_code for query in queries}
    return {query[:80]: status for query, status in answers.items() if status not in allowed}


@pytest.mark.parametrize("route", sorted(set(routes())))
def test_route_has_an_address_to_try(route):
    assert not re.search(r"[<^(]", route) or SAMPLES.get(route), f"Add an address of {route} to SAMPLES."


@pytest.mark.parametrize("path", list(addresses()), ids=lambda path: path[:60])
def test_view_answers_hostile_queries(client, france, path):
    allowed = {405} if path in TOLD_BY_SCRIPTS else ANSWERS | ({400} if path.startswith("/api/") else set())
    assert refused(client, path, allowed) == {}


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model._meta.label)
def test_page_answers_hostile_queries(client, home, model):
    page = model.objects.live().first() or factory_of(model)(parent=home)
    assert refused(client, page.url) == {}


def factory_of(model):
    """The factory of a page type."""
    return next(
        factory
        for factory in vars(factories).values()
        if isinstance(factory, type) and issubclass(factory, DjangoModelFactory) and factory._meta.model is model
    )


def test_hostile_paths_are_not_found(client, france):
    client.raise_request_exception = False
    responses = {path[:60]: client.get(path) for path in PATHS}
    assert {path: r.status_code for path, r in responses.items() if r.status_code not in {301, 302, 400, 404}} == {}
    assert [path for path, r in responses.items() if "Set-Cookie" in r.headers] == []


def test_post_without_token_is_refused_in_french(csrf_client, france):
    csrf_client.raise_request_exception = False
    paths = [path for path in addresses() if not path.startswith("/api/") and path not in TOLD_BY_SCRIPTS]
    responses = {path[:60]: csrf_client.post(path, {"nom": "x" * 5000}) for path in paths}
    assert {path: r.status_code for path, r in responses.items() if r.status_code not in {403, 404, 405}} == {}
    expired = [response.content.decode() for response in responses.values() if response.status_code == 403]
    assert expired
    assert [page for page in expired if not re.search("<title>(Formulaire expiré|Erreur) – ", page)] == []
    assert [page for page in expired if '<html lang="fr"' not in page] == []


def test_contact_form_without_token_sends_nothing_and_keeps_the_text(csrf_client, france):
    response = csrf_client.post("/contact/", {"message": "Un long message déjà écrit."})
    assert response.status_code == 403
    assert "Un long message déjà écrit." in response.content.decode()
    assert OutgoingMail.objects.count() == 0
