"""A real server that is paused, killed, started again and emptied: nobody sees an error, and nothing is lost."""

import time

import pytest

from search.elastic.backend import server
from search.elastic.breaker import FIRST_REST, breaker
from search.elastic.following import RebuildNeededError, follow, follow_quietly
from search.models import FailedIndexing, SearchState
from territoires_en_commun.base.models import BasePage, Partner, Theme
from tests.base.listing_site import add_page
from tests.factories import PartnerFactory, ThemeFactory
from tests.search.elasticsearch import index_everything, pages_on

pytestmark = pytest.mark.any_database

SCHOOLS = "Les écoles rurales"
BANNER = "Recherche en mode secours"


def answer_of(client, query):
    """Who answered, the titles, whether the page says that the engine is away, and the time it took (seconds)."""
    started = time.monotonic()
    json = client.get("/api/v1/recherche", {"q": query}).json()
    seconds = time.monotonic() - started
    page = client.get("/recherche/", {"q": query})
    assert page.status_code == 200
    return json["moteur"], [found["titre"] for found in json["resultats"]], BANNER in page.content.decode(), seconds


def test_the_server_may_come_and_go(corpus, settings, client, admin_client, elasticsearch_server):
    with pages_on(elasticsearch_server.url, settings, "alone_") as backend:
        index_everything(backend)
        index = backend.get_index_for_model(BasePage)
        assert answer_of(client, "école")[:3] == ("elasticsearch", [SCHOOLS], False)

        elasticsearch_server.pause()
        engine, titles, says_so, seconds = answer_of(client, "école")
        assert (engine, titles, says_so) == ("embarque", [SCHOOLS], True)
        assert seconds < settings.SEARCH_TIMEOUT + 1
        assert answer_of(client, "école")[3] < 1  # the server is left alone
        assert [page.title for page in BasePage.objects.search("école")] == [SCHOOLS]
        assert SCHOOLS in admin_client.get("/admin/pages/search/?q=rurales").content.decode()
        elasticsearch_server.resume()
        breaker.reset()
        assert answer_of(client, "école")[0] == "elasticsearch"

        elasticsearch_server.kill()
        add_page(corpus, "Une ressourcerie de quartier", summary="Écrite pendant la panne.")
        BasePage.objects.get(title=SCHOOLS).specific.unpublish()
        lost = ThemeFactory(name="Économie circulaire")
        assert FailedIndexing.objects.filter(model_name="theme", object_id=lost.pk).exists()
        assert answer_of(client, "ressourcerie")[:3] == ("embarque", ["Une ressourcerie de quartier"], True)
        assert answer_of(client, "école")[1] == []
        assert "ne répond pas" in follow_quietly()

        elasticsearch_server.start()
        breaker.reset()
        assert "Changements indexés" in follow_quietly()
        index.refresh()
        backend.get_index_for_model(Theme).refresh()
        assert answer_of(client, "ressourcerie")[:3] == ("elasticsearch", ["Une ressourcerie de quartier"], False)
        assert answer_of(client, "école")[:2] == ("elasticsearch", [])
        assert list(backend.search("circulaire", Theme)) == [lost]
        assert not FailedIndexing.objects.exists()
        assert follow_quietly() == ""

        backend.es.indices.delete(index=f"{index.name}_1")
        assert answer_of(client, "ressourcerie")[:3] == ("embarque", ["Une ressourcerie de quartier"], True)
        with pytest.raises(RebuildNeededError):
            follow()


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_an_index_of_another_database_is_not_followed(engine):
    SearchState.objects.filter(name="elasticsearch").update(token="00000000-0000-4000-8000-000000000000")
    with pytest.raises(RebuildNeededError):
        follow()
    assert "update_index" in follow_quietly()


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_no_index_is_made_without_our_mapping(engine, settings):
    backend = server()
    name = backend.get_index_for_model(Partner).name
    partner = PartnerFactory(name="Jamais indexé")
    assert not backend.es.indices.exists(index=name)
    assert FailedIndexing.objects.filter(model_name="partner", object_id=partner.pk).exists()
    follow()  # what the server goes on refusing keeps nothing else from being written
    assert FailedIndexing.objects.filter(model_name="partner", object_id=partner.pk).exists()


def test_a_server_that_refuses_the_connection_costs_nothing(corpus, settings, client):
    settings.SEARCH_URL = "http://127.0.0.1:9"
    settings.SEARCH_INDEX_PREFIX = "nowhere_"
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "search.elastic.backend", "URLS": [settings.SEARCH_URL], "OPTIONS": {"max_retries": 0}},
        "database": {"BACKEND": "modelsearch.backends.database"},
    }
    breaker.reset()
    try:
        assert answer_of(client, "école")[:3] == ("embarque", [SCHOOLS], True)
        assert not breaker.allows()
    finally:
        breaker.reset()


def test_the_breaker_rests_longer_after_each_failure(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("search.elastic.breaker.monotonic", lambda: clock[0])
    breaker.reset()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock[0] += FIRST_REST
    assert breaker.allows()  # one tries
    assert not breaker.allows()  # the others wait for it
    breaker.failed()
    clock[0] += FIRST_REST
    assert not breaker.allows()
    clock[0] += FIRST_REST
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()
