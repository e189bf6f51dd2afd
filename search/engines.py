"""The engine behind the listings of every room."""

from django.db.models import Model

from . import ranking
from .finding import find


class ListingSearcher:
    """The embedded engine: it is in every process, whatever answers on the search page."""

    def rank(self, model: type[Model], text: str) -> list[int]:
        """Primary keys of the pages that answer ``text``, best first; those that are not of ``model`` among them."""
        found = find(text, partly=False)
        return ranking.by_meaning(found.scored, found.query, text).pks
