"""Wagtail's search on Elasticsearch: French, every word required, and the database when the server does not answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from modelsearch.backends.elasticsearch9 import (
    Elasticsearch9AutocompleteQueryCompiler,
    Elasticsearch9Index,
    Elasticsearch9SearchBackend,
    Elasticsearch9SearchQueryCompiler,
    Elasticsearch9SearchResults,
)
from modelsearch.backends.elasticsearchbase import ElasticsearchAtomicIndexRebuilder
from wagtail.search.backends import get_search_backend

from search.documents.preparing import read_terms
from search.models import FailedIndexing, SearchBatch, SearchState
from territoires_en_commun.base.models import BasePage

from .mapping import SETTINGS, FrenchMapping

UNAVAILABLE = (TransportError, ApiError)
DATABASE = "database"  # the backend of WAGTAILSEARCH_BACKENDS that answers instead
STATE = "elasticsearch"
WRITING_TIMEOUT = 60  # seconds, for what no visitor waits for

logger = logging.getLogger(__name__)


@contextmanager
def noted_when_failed(item: Any) -> Iterator[None]:
    """What could not be written inside is kept to be written again; the error goes on."""
    try:
        yield
    except UNAVAILABLE:
        FailedIndexing.note(item)
        raise


class FrenchIndex(Elasticsearch9Index):
    """What could not be written is noted, and written again when the server is back."""

    def __init__(self, backend, name):
        super().__init__(backend, name)
        self.es = backend.es.options(request_timeout=WRITING_TIMEOUT)

    def add_item(self, item):
        """Never in an index that the server would make by itself, without our mapping, when ours is missing."""
        mapping = self.mapping_class(type(item))
        with noted_when_failed(item):
            self.es.index(
                index=self.name,
                id=mapping.get_document_id(item),
                document=mapping.get_document(item),
                require_alias=True,
            )

    def add_items(self, model, items):
        """Many at once: what pages are filed under is read for all of them."""
        items = list(items)
        if issubclass(model, BasePage):
            read_terms(items)
        super().add_items(model, items)

    def delete_item(self, item):
        """In the request that deletes the object: it does not wait longer than a search."""
        with noted_when_failed(item), suppress(NotFoundError):
            self.backend.es.delete(index=self.name, id=self.mapping_class(type(item)).get_document_id(item))


class FrenchQueryCompiler(Elasticsearch9SearchQueryCompiler):
    """Every word is required."""

    mapping_class = FrenchMapping
    DEFAULT_OPERATOR = "and"


class FrenchAutocompleteQueryCompiler(Elasticsearch9AutocompleteQueryCompiler):
    """Every beginning of a word is required."""

    mapping_class = FrenchMapping
    DEFAULT_OPERATOR = "and"


class FrenchResults(Elasticsearch9SearchResults):
    """The results, or those of the database when the server does not answer."""

    def _do_search(self) -> Iterator[Any]:
        try:
            return iter(list(super()._do_search()))
        except UNAVAILABLE as error:
            return iter(self._of_database(error).results())

    def _do_count(self) -> int:
        try:
            return super()._do_count()
        except UNAVAILABLE as error:
            return self._of_database(error).count()

    def facet(self, field_name: str) -> dict[Any, int]:
        try:
            return super().facet(field_name)
        except UNAVAILABLE as error:
            return self._of_database(error).facet(field_name)

    def _of_database(self, error: Exception) -> Any:
        logger.warning("Elasticsearch ne répond pas (%s) : la base répond à sa place.", type(error).__name__)
        compiler, backend = self.query_compiler, get_search_backend(DATABASE)
        search = backend.search if isinstance(compiler, FrenchQueryCompiler) else backend.autocomplete
        found = search(
            compiler.query, compiler.queryset, fields=compiler.fields, order_by_relevance=compiler.order_by_relevance
        )
        return found[self.start : self.stop]


class FollowedRebuilder(ElasticsearchAtomicIndexRebuilder):
    """Rebuilds beside the index in use. What changes meanwhile is written again afterwards, from the batches."""

    def start(self):
        self.last = SearchBatch.objects.order_by("-pk").first()
        return super().start()

    def finish(self):
        super().finish()
        if self.alias.name == self.alias.backend.pages_index:
            batch, token = (self.last.pk, self.last.token) if self.last else (0, None)
            SearchState.objects.update_or_create(name=STATE, defaults={"batch": batch, "token": token})


class SearchBackend(Elasticsearch9SearchBackend):
    """``WAGTAILSEARCH_BACKENDS`` names this module."""

    mapping_class = FrenchMapping
    index_class = FrenchIndex
    query_compiler_class = FrenchQueryCompiler
    autocomplete_query_compiler_class = FrenchAutocompleteQueryCompiler
    results_class = FrenchResults
    atomic_rebuilder_class = FollowedRebuilder
    settings = SETTINGS

    @cached_property
    def pages_index(self) -> str:
        """The name under which the pages are searched."""
        return self.get_index_for_model(BasePage).name


@lru_cache(maxsize=4)
def _backend_at(url: str, prefix: str) -> SearchBackend:
    return get_search_backend()


def server() -> SearchBackend:
    """The backend that SEARCH_URL names, whose connections stay open from one request to the next."""
    return _backend_at(settings.SEARCH_URL, settings.SEARCH_INDEX_PREFIX)
