"""What a change of the rules does to the queries that people typed."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Max
from django.utils import timezone

from . import rules
from .expressions import holds, key_of, query_stems
from .finding import find
from .models import SearchLogEntry
from .relevance import visible_pages
from .text.expansion import Rules

PERIOD = dt.timedelta(days=90)
MOST_FREQUENT = 5_000  # different queries that are read
COUNTED = 10  # queries of which the results are counted
SHOWN = 100


@dataclass(frozen=True)
class AffectedQuery:
    """A query of the log, how many times it was typed, and its number of results without and with a change."""

    text: str
    times: int
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Affected:
    """The queries that hold an expression of a rule, the most frequent first."""

    queries: Sequence[AffectedQuery]
    total: int
    times: int


def affected_by(expressions: Iterable[str], changed: Rules) -> Affected:
    """The queries of the last 90 days that hold one of these expressions, and what the change does to the first."""
    keys = {key_of(expression) for expression in expressions}
    found = [query for normalised, query in _typed() if _holds_one(normalised, keys)]
    counted = _counted(found[:COUNTED], changed)
    return Affected([*counted, *found[COUNTED:SHOWN]], len(found), sum(query.times for query in found))


def _typed() -> Iterable[tuple[str, AffectedQuery]]:
    recent = SearchLogEntry.objects.filter(moment__gte=timezone.now() - PERIOD).order_by().values("normalised")
    grouped = recent.annotate(times=Count("pk"), text=Max("text")).order_by("-times", "normalised")[:MOST_FREQUENT]
    return [(row["normalised"], AffectedQuery(row["text"], row["times"])) for row in grouped]


def _holds_one(query: str, keys: Collection[tuple[str, ...]]) -> bool:
    stems = query_stems(query)
    return any(holds(stems, key) for key in keys)


def _counted(queries: Sequence[AffectedQuery], changed: Rules) -> list[AffectedQuery]:
    visible = visible_pages()

    def counts() -> list[int]:
        return [len(visible.intersection(find(query.text).scored.pks)) for query in queries]

    before = counts()
    with rules.trying(changed):
        after = counts()
    return [replace(query, before=old, after=new) for query, old, new in zip(queries, before, after, strict=True)]
