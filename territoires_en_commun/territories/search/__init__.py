"""Search of territories as people type them: names with mistakes, codes, former and usual names.

``search_territories("st malo")`` is the one entry; the index lives in the memory of the process
(docs/decisions/0004-territory-search-in-memory.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from .engine import Search
from .index import ANSWERED, Place

MAX_QUERY_LENGTH = 200
MAX_RESULTS = 50


@dataclass(frozen=True, slots=True)
class TerritoryHit:
    """One answer; ``id`` is the territory's public key, ``precision`` tells homonyms and former names apart.

    ``exact`` is true when the text is a name or a code of this very territory.
    """

    id: str
    type: str
    code: str
    name: str
    precision: str
    url: str
    exact: bool = False


def search_territories(
    text: str, limit: int = 10, types: Iterable[str] | None = None, *, approximate: bool = True
) -> list[TerritoryHit]:
    """The territories of today that a text names, best first, at most ``limit``.

    Without ``approximate``, only names as they are written, whole or begun, and codes: ten times less work.
    ``types`` restricts to some of ``ANSWERED``. A former commune, a commune déléguée or associée answers with
    today's commune and is told in ``precision``. Text beyond 200 characters is ignored.
    """
    from .store import store

    index = store.get()
    wanted = frozenset(types) if types is not None else None
    matches = Search(index, wanted).run(text[:MAX_QUERY_LENGTH].replace("\x00", " "), limit, approximate)
    return [_hit(index.places[match.place], match.former, match.exact) for match in matches]


def _hit(place: Place, former: str, exact: bool) -> TerritoryHit:
    precision = ", ".join(filter(None, (place.precision, former)))
    url = reverse("territory", kwargs={"type": place.type, "code": place.code, "slug": place.slug})
    return TerritoryHit(place.key, place.type, place.code, place.name, precision, url, exact)


__all__ = ["ANSWERED", "MAX_QUERY_LENGTH", "MAX_RESULTS", "TerritoryHit", "search_territories"]
