"""The plain engine behind listings: Wagtail's own backend, every word required."""

from django.db.models import Model
from wagtail.search.backends import get_search_backend


class WagtailSearcher:
    """Wagtail's database backend (SQLite FTS5 or PostgreSQL full text), best first."""

    def rank(self, model: type[Model], words: list[str]) -> list[int]:
        """Primary keys of the objects of ``model`` that hold every word."""
        if not words:
            return []
        results = get_search_backend().search(" ".join(words), model, operator="and")
        return list(results.get_queryset().values_list("pk", flat=True))
