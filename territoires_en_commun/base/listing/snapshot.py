"""What a listing keeps in memory between two publications: primary keys, orders, values of each facet.

A listing then costs two tiny queries to know that nothing moved, and set operations instead of joins.
Rights are not trusted to memory: the pages shown are read again through ``visible``.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.models import ChangeMark

# What nobody marked (rows written by hand in the database) shows at the latest after this.
MAX_AGE_SECONDS = 600


@dataclass(frozen=True)
class Visibility:
    """What decides which pages the public sees, read once per request; two equal ones mean that nothing moved."""

    marks: tuple[str, ...]
    private_paths: tuple[str, ...]

    def visible(self, pages: QuerySet) -> QuerySet:
        """Live pages outside every private section."""
        private = Q()
        for path in self.private_paths:
            private |= Q(path__startswith=path)
        pages = pages.filter(live=True)
        return pages.exclude(private) if private else pages


def current_visibility() -> Visibility:
    """Two queries: the marks of change, and the private sections."""
    paths = PageViewRestriction.objects.order_by("page__path").values_list("page__path", flat=True)
    return Visibility(ChangeMark.objects.current(), tuple(paths))


@dataclass(frozen=True)
class Snapshot:
    """The visible pages of one listing: their keys, their order for each sort, what each filter collected."""

    state: Hashable
    taken_at: float
    pks: frozenset[int]
    orders: dict[str, tuple[int, ...]]
    parts: dict[str, Any]


_memory: dict[Hashable, Snapshot] = {}


def fresh(**content: Any) -> Snapshot:
    """A snapshot taken now."""
    return Snapshot(taken_at=time.monotonic(), **content)


def snapshot(key: Hashable, state: Hashable, take: Callable[[], Snapshot]) -> Snapshot:
    """The snapshot kept for ``key`` while ``state`` is the same and it is fresh, else a new one."""
    kept = _memory.get(key)
    if kept is None or kept.state != state or time.monotonic() - kept.taken_at > MAX_AGE_SECONDS:
        kept = _memory[key] = take()
    return kept


def forget_snapshots(**_signal: Any) -> None:
    """Forget every snapshot of this process."""
    _memory.clear()
