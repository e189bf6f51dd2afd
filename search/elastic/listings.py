"""The results page on Elasticsearch."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from search.finding import Found, read
from search.listings import HOME_DEPTH, KIND, SearchListing
from search.ranking import Scored
from territoires_en_commun.base.listing import NEAREST, RELEVANCE
from territoires_en_commun.base.listing.filters import Facet, Filter
from territoires_en_commun.base.site_info import Link

from .backend import server
from .querying import MAX_RANK, ORDERS, Selection, nearest, page_request

COLUMNS = {KIND: "kind", "thematique": "themes", "programme": "programmes"}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the server said: total, page of results, counts of the values of each facet and of all its results."""

    total: int
    scored: Scored
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]


class ElasticMixin:
    """A search listing whose results, total and counts come from one request to the server."""

    engine = "elasticsearch"

    @cached_property
    def embedded(self) -> SearchListing:
        """The same search on the embedded engine, for what leads out of an empty page."""
        return self.embedded_class(self.request)

    @cached_property
    def found(self) -> Found | None:
        text = self.named.rest if self.named else self.query
        return read(text) if text else None

    @cached_property
    def answer(self) -> Answer:
        """The answer of the server; for a page beyond the last, that of the last.

        Raise TransportError or ApiError (``backend.UNAVAILABLE``).
        """
        page = self.form.kept.get("page", 1)
        answer = self._ask(page)
        last = -(-min(answer.total, MAX_RANK) // self.per_page)
        return answer if page <= max(last, 1) else self._ask(last)

    def _ask(self, page: int) -> Answer:
        backend = server()
        return parsed(backend.es.search(index=backend.pages_index, **self._request(page)))

    def _request(self, page: int) -> dict[str, Any]:
        found, selection = self.found, self._selection()
        request = page_request(found, selection, timezone.localdate())
        start = (page - 1) * self.per_page
        request |= {"from_": min(start, MAX_RANK - self.per_page), "size": self.per_page}
        if self.sort is NEAREST:
            return nearest(request, selection)
        if self.sort is not RELEVANCE:
            request.pop("rescore", None)
            return request | {"sort": ORDERS[self.sort.name]}
        return request

    def _selection(self) -> Selection:
        place = self.values.get("territoire")
        return Selection(
            facets={column: self.values.get(name, ()) for name, column in COLUMNS.items()},
            pinned=self.pinned,
            place=place.pk if place else None,
            containers=[container.pk for container in place.containers] if place else (),
            min_depth=HOME_DEPTH,
        )

    # What the listing asks

    @property
    def count(self) -> int:
        return min(self.answer.total, MAX_RANK)

    def in_order(self, start: int = 0, stop: int | None = None) -> list[int]:
        return self.answer.scored.pks

    @property
    def ranked(self) -> Scored:
        return self.answer.scored

    @property
    def is_partial(self) -> bool:
        return self.found.is_partial and bool(self.count)

    def value_counter(self, facet: Facet) -> Callable[[str], int]:
        counts = self.answer.counts[COLUMNS[facet.name]]
        return lambda value: counts.get(value, 0)

    def count_of_all(self, facet: Filter) -> int:
        return self.answer.totals[COLUMNS[facet.name]]

    def count_without(self, filter_: Filter, raw: str) -> int:
        return self.embedded.count_without(filter_, raw)

    @property
    def wider_links(self) -> list[Link]:
        return self.embedded.wider_links

    @property
    def shared_code_links(self) -> list[Link]:
        return self.embedded.shared_code_links

    @property
    def ways_out(self) -> list[Link]:
        return self.embedded.ways_out

    @property
    def suggestion(self) -> str:
        return "" if self.count else self.embedded.suggestion


def parsed(response: Any) -> Answer:
    """The answer of the server, less what is not used."""
    hits = response["hits"]["hits"]
    return Answer(
        total=response["hits"]["total"]["value"],
        scored=Scored([int(hit["fields"]["pk"][0]) for hit in hits], [hit["_score"] or 0.0 for hit in hits]),
        counts={
            column: {bucket["key"]: bucket["doc_count"] for bucket in found["values"]["buckets"]}
            for column, found in response["aggregations"].items()
        },
        totals={column: found["doc_count"] for column, found in response["aggregations"].items()},
    )


def on_elasticsearch(listing_class: type[SearchListing]) -> type[SearchListing]:
    """The same listing, answered by the server."""
    return type(f"Elastic{listing_class.__name__}", (ElasticMixin, listing_class), {"embedded_class": listing_class})
