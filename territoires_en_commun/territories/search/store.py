"""The index of the process: read from the database when first needed, read again when the map changes.

Every ``TERRITORY_SEARCH_REFRESH`` seconds (30 by default) a search checks, in one small query, whether another
process imported a newer map; a change made in this process is seen at once.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from django.conf import settings
from django.db.models import Count, Max

from territoires_en_commun.territories.models import Territory, TerritoryClosure, TerritoryImport, TerritoryType

from .index import Row, TerritoryIndex

COLUMNS = (
    "pk",
    "type",
    "code",
    "name",
    "slug",
    "siren",
    "postal_codes",
    "population",
    "category",
    "precision",
    "replaced_by_id",
    "commune_id",
)
PARTS = (TerritoryType.COMMUNE_DELEGUEE, TerritoryType.COMMUNE_ASSOCIEE)
SCALES = (TerritoryType.DEPARTEMENT, TerritoryType.EPCI)


class IndexStore:
    """Holds one index and knows when it is out of date."""

    def __init__(self):
        self._lock = threading.Lock()
        self._index: TerritoryIndex | None = None
        self._state: tuple = ()
        self._checked = 0.0
        self._stale = False

    def get(self) -> TerritoryIndex:
        """The index of the map as it is; while it is being rebuilt, other threads keep the former one."""
        index = self._index
        if index is not None and not self._stale and monotonic() - self._checked < settings.TERRITORY_SEARCH_REFRESH:
            return index
        if not self._lock.acquire(blocking=index is None):
            return index
        try:
            return self._refreshed()
        finally:
            self._lock.release()

    def _refreshed(self) -> TerritoryIndex:
        if self._index is None or self._stale or monotonic() - self._checked >= settings.TERRITORY_SEARCH_REFRESH:
            stale, self._stale = self._stale, False
            state = current_state()
            if self._index is None or stale or state != self._state:
                with collector_paused():
                    self._index = TerritoryIndex(read_rows())
                self._state = state
            self._checked = monotonic()
        return self._index

    def forget(self, **_kwargs) -> None:
        """A territory changed in this process: the next search reads the map again."""
        self._stale = True


store = IndexStore()


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycle to look for while hundreds of thousands of objects are made: a third less time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def current_state() -> tuple:
    """What changes when the map does: the latest import, the number of territories and the last one."""
    latest = TerritoryImport.objects.order_by("-pk").values_list("pk", "imported_at").first()
    return (latest, *Territory.objects.aggregate(last=Max("pk"), total=Count("pk")).values())


def read_rows() -> list[Row]:
    """Every territory as the index wants it, with its départements, its EPCI and what answers for it."""
    table = list(Territory.objects.order_by("pk").values_list(*COLUMNS))
    keys = {row[0]: f"{row[1]}:{row[2]}" for row in table}
    answers = {row[0]: row[10] or row[11] for row in table if row[10] or (row[11] and row[1] in PARTS)}
    containers: dict[int, dict[str, list[tuple[str, int]]]] = {}
    links = (
        TerritoryClosure.objects.filter(ancestor__type__in=SCALES)
        .order_by("descendant_id", "distance")
        .values_list("descendant_id", "ancestor__type", "ancestor__code", "ancestor_id")
    )
    for descendant, type_, code, pk in links.iterator(chunk_size=5000):
        containers.setdefault(descendant, {}).setdefault(type_, []).append((code, pk))
    inside: dict[int, set[str]] = {}
    regions = TerritoryClosure.objects.filter(
        ancestor__type__in=(TerritoryType.REGION, TerritoryType.PAYS), descendant__type=TerritoryType.DEPARTEMENT
    )
    for region, code in regions.values_list("ancestor_id", "descendant__code"):
        inside.setdefault(region, set()).add(code)
    return [_row(values, keys, answers, containers.get(values[0], {}), inside) for values in table]


def _row(values: tuple, keys: dict, answers: dict, containers: dict, inside: dict) -> Row:
    pk, type_, code, name, slug, siren, postal_codes, population, category, precision, *_links = values
    current, steps = pk, 0
    while current in answers and steps < 10:
        current, steps = answers[current], steps + 1
    departements = tuple(code for code, _pk in containers.get(TerritoryType.DEPARTEMENT, ()))
    epci = containers.get(TerritoryType.EPCI)
    return Row(
        key=keys[pk],
        type=type_,
        code=code,
        name=name,
        slug=slug,
        siren=siren,
        postal_codes=postal_codes,
        population=population or 0,
        category=category,
        current=keys[current],
        departements=departements or tuple(sorted(inside.get(pk, ()))),
        epci=keys[epci[0][1]] if epci else "",
        precision=precision,
    )
