"""What answers a search: Elasticsearch when a server is named and answers, else the embedded engine."""

from typing import TypeVar

from django.http import HttpRequest

from .listings import SearchListing

SomeListing = TypeVar("SomeListing", bound=SearchListing)


def results_of(request: HttpRequest, listing_class: type[SomeListing] = SearchListing) -> SomeListing:
    """The results of a request."""
    return listing_class(request)
