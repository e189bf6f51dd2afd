"""The plain engine behind listings: Wagtail's own backend, every word required."""

from django.db.models import Model
from wagtail.search.backends import get_search_backend


class WagtailSearcher:
    """Wagtail's database backend (SQLite FTS5 or PostgreSQL full text).

    Titles that hold every word come first, then the other pages, the newest first. The rank of the backend itself
    is not asked for: it costs SQLite one search per result, 0.3 s over 1,400 pages.
    """

    def rank(self, model: type[Model], words: list[str]) -> list[int]:
        """Primary keys of the objects of ``model`` that hold every word."""
        if not words:
            return []
        found = self._matching(model, words, None)
        titled = self._matching(model, words, ["title"]) if found else set()
        others = found - titled
        return [*sorted(titled, reverse=True), *sorted(others, reverse=True)]

    def _matching(self, model: type[Model], words: list[str], fields: list[str] | None) -> set[int]:
        results = get_search_backend().search(
            " ".join(words), model, fields=fields, operator="and", order_by_relevance=False
        )
        return set(results.get_queryset().order_by().values_list("pk", flat=True))
