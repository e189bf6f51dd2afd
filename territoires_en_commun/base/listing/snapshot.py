"""What a listing keeps in memory between two publications: primary keys, orders, values of each facet.

A listing then costs two tiny queries to know that nothing moved, and set operations instead of joins.
Rights are not trusted to memory: the pages shown are read again through ``visible``.

A snapshot that is quick to take is taken by the request that finds it old. A dear one (tens of thousands of pages) is
taken again beside the requests, which go on with the old one meanwhile, and seldom enough to spend one twentieth of a
processor: what is published shows within a minute, what is withdrawn disappears at once.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from territoires_en_commun.base.models.visibility import public_state

# What nobody marked (rows written by hand in the database) shows at the latest after this.
MAX_AGE_SECONDS = 600
# Processor time above which a snapshot is dear, and how many times that time passes before it is taken again.
DEAR_SECONDS = 0.25
REST = 20

logger = logging.getLogger(__name__)


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
    """The state of now; one query, or none when the page being read asked already."""
    return Visibility(*public_state())


class Parts:
    """What each filter collected, by name: read when it is first asked for, since a page may ask for one alone."""

    def __init__(self, collectors: Mapping[str, Callable[[], Any]]):
        self._collectors = collectors
        self._collected: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Any:
        if name not in self._collected:
            with self._lock:
                if name not in self._collected:
                    self._collected[name] = self._collectors[name]()
        return self._collected[name]

    def collect_all(self) -> None:
        """Read them now: many pages cost too much for the request that would happen to ask first."""
        for name in self._collectors:
            self[name]


@dataclass(frozen=True)
class Snapshot:
    """The visible pages of one listing: their keys, their order for each sort, what each filter collected."""

    state: Hashable
    taken_at: float
    cost: float
    pks: frozenset[int]
    orders: dict[str, tuple[int, ...]]
    parts: Parts


_memory: dict[Hashable, Snapshot] = {}
_locks: dict[Hashable, threading.Lock] = {}


def snapshot(key: Hashable, state: Hashable, take: Callable[[], dict[str, Any]]) -> Snapshot:
    """The snapshot kept for ``key`` while ``state`` is the same and it is recent, else a new one.

    ``take`` reads the database and returns the other fields of the snapshot.
    """
    kept = _memory.get(key)
    if kept is not None and kept.state == state and time.monotonic() - kept.taken_at <= MAX_AGE_SECONDS:
        return kept
    lock = _locks.setdefault(key, threading.Lock())
    if kept is None or kept.cost <= DEAR_SECONDS:
        with lock:
            newer = _memory.get(key)  # another thread may have taken it while this one waited
            return newer if newer is not kept and newer and newer.state == state else _take(key, state, take)
    if time.monotonic() - kept.taken_at > REST * kept.cost and lock.acquire(blocking=False):
        threading.Thread(target=_take_beside, args=(key, state, take, lock), daemon=True).start()
    return kept


def _take(key: Hashable, state: Hashable, take: Callable[[], dict[str, Any]]) -> Snapshot:
    begun = time.thread_time()
    content = take()
    _memory[key] = Snapshot(state=state, taken_at=time.monotonic(), cost=time.thread_time() - begun, **content)
    return _memory[key]


def _take_beside(key: Hashable, state: Hashable, take: Callable[[], dict[str, Any]], lock: threading.Lock) -> None:
    """``_take`` in a thread of its own, with its own connections."""
    try:
        _take(key, state, take)
    except Exception:  # the old snapshot goes on being served, and the next request tries again
        logger.exception("Liste non rafraîchie : %s", key)
    finally:
        connections.close_all()
        lock.release()


_quoted: dict[Hashable, tuple[Hashable, dict[int, Any]]] = {}
MAX_QUOTED = 2_000  # rows kept for one listing


def quoted_rows(key: Hashable, state: Hashable, pks: list[int], read: Callable[[list[int]], dict[int, Any]]) -> list:
    """The rows of these pages, which many pages quote: each read once while ``state`` is the same.

    ``read`` gives the rows of the pages that it is asked for and that visitors may see.
    """
    known_state, rows = _quoted.get(key, (None, {}))
    if known_state != state or len(rows) > MAX_QUOTED:
        rows = {}
    lacking = [pk for pk in pks if pk not in rows]
    if lacking:
        rows = rows | read(lacking)
        _quoted[key] = (state, rows)
    return [rows[pk] for pk in pks if pk in rows]


def kept_for_page(name: str, pk: int, read: Callable[[], Any]) -> Any:
    """What is told around a page: read once a day while nothing that the public sees moves."""
    state = (current_visibility(), timezone.localdate())
    return quoted_rows(name, state, [pk], lambda _pks: {pk: read()})[0]


def forget_snapshots(**_signal: Any) -> None:
    """Forget every snapshot of this process."""
    _memory.clear()
    _quoted.clear()
