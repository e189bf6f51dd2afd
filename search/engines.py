"""The engine behind the listings of every room."""

from django.db.models import Model
from django.utils import timezone

from . import ranking
from .embedded.engine import embedded_engine
from .ranking import Dates, Scored
from .text.query import Query, parse
from .weights import required


class ListingSearcher:
    """The embedded engine: it is in every process, whatever answers on the search page."""

    def rank(self, model: type[Model], text: str) -> list[int]:
        """Primary keys of the pages that answer ``text``, best first; those that are not of ``model`` among them."""
        found, query = find(text)
        return ranking.by_meaning(found, query, text).pks


def find(text: str) -> tuple[Scored, Query]:
    """The pages that answer a text; when none holds enough of its words, those that hold some."""
    engine, query = embedded_engine(), parse(text)
    engine.refresh()
    groups = engine.groups(query)
    found = engine.find(query, groups)
    if not found.pks and required(len(groups)) > 1:
        found = engine.find(query, groups, 1)
    return ranking.dated_order(found, Dates.read(frozenset()), timezone.localdate()), query
