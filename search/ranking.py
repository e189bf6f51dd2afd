"""The last word on the order of results: what is past, what ages, what a query means."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import cached_property

from . import meaning, weights
from .models import SearchDocument
from .text.query import Query

DAYS_IN_YEAR = 365.25
RECENT_YEARS = 5  # beyond, what recency adds is nothing


@dataclass(frozen=True)
class Scored:
    """Pages found, the best first: primary keys and scores."""

    pks: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    @cached_property
    def by_pk(self) -> dict[int, float]:
        return dict(zip(self.pks, self.scores, strict=True))

    def after(self, first: Sequence[int]) -> "Scored":
        """These pages first, in this order, then the others."""
        if not first:
            return self
        best = self.scores[0] if self.scores else 0.0
        others = [(pk, score) for pk, score in zip(self.pks, self.scores, strict=True) if pk not in first]
        return Scored(
            [*first, *(pk for pk, _ in others)],
            [*(best + len(first) - rank for rank in range(len(first))), *(score for _, score in others)],
        )

    def less(self, kept: frozenset[int]) -> "Scored":
        """Only what is among these pages."""
        pairs = [(pk, score) for pk, score in zip(self.pks, self.scores, strict=True) if pk in kept]
        return Scored([pk for pk, _ in pairs], [score for _, score in pairs])


@dataclass(frozen=True)
class Dates:
    """Factors of the pages whose dates count today: past ones last, those due for review lower, recent ones higher."""

    today: date
    factors: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def read(cls, today: date) -> "Dates":
        """From the documents; one query for those that dates change."""
        aged = today - timedelta(days=RECENT_YEARS * DAYS_IN_YEAR)
        counted = Q(past_after__lt=today) | Q(review_on__lte=today) | Q(dated_on__gte=aged)
        rows = SearchDocument.objects.filter(counted, is_gone=False)
        columns = rows.values_list("pk", "dated_on", "past_after", "review_on")
        return cls(today, {pk: factor(today, *days) for pk, *days in columns.iterator(chunk_size=2000)})


def factor(today: date, dated_on: date | None, past_after: date | None, review_on: date | None) -> float:
    """By how much the score of a page is multiplied."""
    if past_after is not None and past_after < today:
        return weights.PAST
    found = weights.LATE if review_on is not None and review_on <= today else 1.0
    if dated_on is not None:
        found *= 1 + weights.RECENCY * 0.5 ** (max(0, (today - dated_on).days) / DAYS_IN_YEAR)
    return found


def dated_order(found: Scored, dates: Dates) -> Scored:
    """The results in order, once dates are counted."""
    factors = dates.factors
    if not factors or factors.keys().isdisjoint(found.pks):
        return found
    return in_order(
        found.pks, [score * factors.get(pk, 1.0) for pk, score in zip(found.pks, found.scores, strict=True)]
    )


def in_order(pks: Sequence[int], scores: Sequence[float]) -> Scored:
    """Pages by falling score; at equal scores, as they came."""
    order = sorted(range(len(pks)), key=lambda rank: -scores[rank])
    return Scored([pks[rank] for rank in order], [scores[rank] for rank in order])


def is_meaningful(query: Query) -> bool:
    """Whether meaning may change the order: never for a code, an acronym or a quoted phrase alone."""
    return bool(query.words) and not query.identifiers and not all(word.is_acronym for word in query.words)


def by_meaning(found: Scored, query: Query, text: str) -> Scored:
    """The first results in an order where the nearness of titles and summaries counts beside words; one query."""
    if len(found.pks) < 2 or not is_meaningful(query) or not meaning.is_available():
        return found
    head, scores = found.pks[: weights.RESCORED], found.scores[: weights.RESCORED]
    stored = dict(SearchDocument.objects.filter(pk__in=head, vector__isnull=False).values_list("pk", "vector"))
    known = [pk for pk in head if pk in stored]
    if not known:
        return found
    near = meaning.unpacked([bytes(stored[pk]) for pk in known]) @ meaning.query_vector(text)
    scale = math.sqrt(len(query.words))
    gains = scale * (weights.MEANING_TITLE * near[:, 0] + weights.MEANING_SUMMARY * near[:, 1])
    gained = dict(zip(known, gains.tolist(), strict=True))
    best = in_order(head, [score + gained.get(pk, 0.0) for pk, score in zip(head, scores, strict=True)])
    return Scored(best.pks + found.pks[len(head) :], best.scores + found.scores[len(head) :])
