"""Fixtures of the search."""

import uuid

import pytest

from territoires_en_commun.base.models import BasePage
from tests.filled_site import fill_once
from tests.search.corpus import write_corpus
from tests.search.demo import fill_demo
from tests.search.elasticsearch import (
    elasticsearch_server,
    elasticsearch_url,
    index_everything,
    pages_on,
    require_elasticsearch,
)

__all__ = ["elasticsearch_server", "elasticsearch_url"]
RUN = uuid.uuid4().hex[:8]  # of this process: its indexes are its own


@pytest.fixture
def corpus(db):
    """A few published pages; the page above them."""
    fill_once(write_corpus)
    return BasePage.objects.get(title="Accueil").specific


@pytest.fixture
def demo(small_france):
    """The demonstration content."""
    fill_once(fill_demo)


@pytest.fixture(params=["embarque", "elasticsearch"])
def engine(request, corpus, settings):
    """The corpus on each engine in turn: the name of the engine."""
    if request.param == "embarque":
        yield request.param
        return
    with pages_on(require_elasticsearch(), settings, f"tests_{RUN}_") as backend:
        index_everything(backend)
        yield request.param


@pytest.fixture
def refreshed(settings):
    """``refreshed()``: what was written is seen by the next search, on either engine."""

    def refresh() -> None:
        if settings.SEARCH_URL:
            from search.elastic.backend import server
            from search.elastic.following import follow

            follow()
            server().get_index_for_model(BasePage).refresh()

    return refresh


@pytest.fixture
def ask(client):
    """``ask("école", genre="…")``: the answer of the API."""

    def answer(text, **parameters):
        response = client.get("/api/v1/recherche", {"q": text, **parameters})
        assert response.status_code == 200, response.content
        return response.json()

    return answer


@pytest.fixture
def titles(ask):
    """``titles("école")``: the titles found, in order."""
    return lambda text, **parameters: [found["titre"] for found in ask(text, **parameters)["resultats"]]
