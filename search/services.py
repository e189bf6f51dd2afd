"""What answers a search: Elasticsearch when a server is named and answers, else the embedded engine."""

import logging
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest

from .listings import SearchListing

SomeListing = TypeVar("SomeListing", bound=SearchListing)
logger = logging.getLogger(__name__)


def results_of(request: HttpRequest, listing_class: type[SomeListing] = SearchListing) -> SomeListing:
    """The results of a request. Those of the embedded engine say so (``is_fallback``) when the server failed.

    Without text, and for files of results, the embedded engine answers anyway: nothing is ranked there.
    """
    if not settings.SEARCH_URL:
        return listing_class(request)
    listing = _elastic(listing_class)(request)
    if listing.found is None or listing.asked_export:
        return listing.embedded
    if _has_answered(listing):
        return listing
    listing.embedded.is_fallback = True
    return listing.embedded


def _has_answered(listing: SearchListing) -> bool:
    """Whether the server gave its results; False when it is not asked, or does not answer."""
    from .elastic.backend import UNAVAILABLE
    from .elastic.breaker import breaker

    if not breaker.allows():
        return False
    try:
        listing.answer  # noqa: B018 (asked now, so that nothing fails while the page is written)
    except UNAVAILABLE as error:
        breaker.failed()
        logger.warning("Elasticsearch ne répond pas (%s) : l’index embarqué répond à sa place.", type(error).__name__)
        return False
    breaker.succeeded()
    return True


@cache
def _elastic(listing_class: type[SomeListing]) -> type[SomeListing]:
    from .elastic.listings import on_elasticsearch

    return on_elasticsearch(listing_class)
