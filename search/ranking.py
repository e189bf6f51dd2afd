"""The last word on the order of results: what is past, what ages, what a query means."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import cached_property

from . import meaning, weights
from .models import SearchDocument
from .text.query import Query

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True)
class Scored:
    """Pages found, the best first: primary keys and scores."""

    pks: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    @cached_property
    def by_pk(self) -> dict[int, float]:
        return dict(zip(self.pks, self.scores, strict=True))

    def less(self, kept: frozenset[int]) -> "Scored":
        """Only what is among these pages."""
        pairs = [(pk, score) for pk, score in zip(self.pks, self.scores, strict=True) if pk in kept]
        return Scored([pk for pk, _ in pairs], [score for _, score in pairs])


@dataclass(frozen=True)
class Dates:
    """What the order knows of the dates of pages, as ordinals: ageing ones, ended ones; and those due for review."""

    dated: Mapping[int, int] = field(default_factory=dict)
    past: Mapping[int, int] = field(default_factory=dict)
    late: frozenset[int] = frozenset()

    @classmethod
    def read(cls, late: frozenset[int]) -> "Dates":
        """From the documents; two queries."""
        known = SearchDocument.objects.filter(is_gone=False)
        dated = known.filter(dated_on__isnull=False).values_list("pk", "dated_on")
        past = known.filter(past_after__isnull=False).values_list("pk", "past_after")
        return cls({pk: day.toordinal() for pk, day in dated}, {pk: day.toordinal() for pk, day in past}, late)


def factor(pk: int, dates: Dates, today: int) -> float:
    """By how much the score of a page is multiplied: past last, late lower, recent higher."""
    if dates.past.get(pk, today) < today:
        return weights.PAST
    found = weights.LATE if pk in dates.late else 1.0
    if (dated := dates.dated.get(pk)) is not None:
        years = max(0, today - dated) / DAYS_IN_YEAR
        found *= 1 + weights.RECENCY * 0.5**years
    return found


def dated_order(found: Scored, dates: Dates, today: date) -> Scored:
    """The results in order, once dates are counted."""
    day = today.toordinal()
    moved = dates.past.keys() | dates.dated.keys() | dates.late
    if moved.isdisjoint(found.by_pk):
        return found
    scores = [
        score * factor(pk, dates, day) if pk in moved else score
        for pk, score in zip(found.pks, found.scores, strict=True)
    ]
    return in_order(found.pks, scores)


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
    near = meaning.unpacked([bytes(stored[pk]) for pk in known]) @ meaning.vectors([text])[0]
    scale = math.sqrt(len(query.words))
    gains = scale * (weights.MEANING_TITLE * near[:, 0] + weights.MEANING_SUMMARY * near[:, 1])
    gained = dict(zip(known, gains.tolist(), strict=True))
    best = in_order(head, [score + gained.get(pk, 0.0) for pk, score in zip(head, scores, strict=True)])
    return Scored(best.pks + found.pks[len(head) :], best.scores + found.scores[len(head) :])
