"""The territory filter of a listing: what concerns a place, at any scale."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self

from django import forms
from django.db.models import QuerySet

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.shared_reads import read_once, shared_reads
from territoires_en_commun.territories.forms import TerritoryField, label_of
from territoires_en_commun.territories.models import Territory, TerritoryClosure

from .filters import Filter, Values
from .snapshot import current_visibility

EMPTY = frozenset()
LINK = ("pk", "territories", "territories__ancestor_links__ancestor")
_reads_all: ContextVar[bool] = ContextVar("reads_all", default=False)


@dataclass(frozen=True)
class TerritoryPart:
    """For each territory: the pages attached to it (``at``), and to it or what it contains (``within``)."""

    at: dict[int, frozenset[int]]
    within: dict[int, frozenset[int]]

    @classmethod
    def of(cls, links: Iterable[tuple[int, ...]]) -> Self:
        """From the links: a page, a territory of its own, and that territory or one that contains it."""
        at, within = defaultdict(set), defaultdict(set)
        for pk, territory, container, *_ in links:
            at[territory].add(pk)
            within[container].add(pk)
        return cls(
            {key: frozenset(pks) for key, pks in at.items()}, {key: frozenset(pks) for key, pks in within.items()}
        )


@contextmanager
def links_of_every_room() -> Iterator[None]:
    """Inside, the filters of several listings take the territories of their pages from one read."""
    token = _reads_all.set(True)
    try:
        with shared_reads():
            yield
    finally:
        _reads_all.reset(token)


def links_of(pages: QuerySet) -> Iterable[tuple[int, ...]]:
    """The links of some pages; those of others may be among them."""
    if _reads_all.get():
        return links_of_all_pages()
    return pages.filter(territories__isnull=False).order_by().values_list(*LINK)


def links_of_all_pages() -> list[tuple[int, ...]]:
    """The links of every page that the public sees, each with the key of the type of the page; one query."""
    pages = current_visibility().visible(BasePage.objects.filter(territories__isnull=False))
    return read_once("territories of pages", lambda: list(pages.order_by().values_list(*LINK, "content_type_id")))


class TerritoryFilter(Filter):
    """Pages that concern a territory: attached to it, to what contains it or to what it contains.

    The covering pages are what a commune looks for (its EPCI, its département, France), the pages inside are
    what makes « élargir » mean something: the EPCI of a commune brings those of the neighbouring communes.
    """

    template = "components/territory_field.html"

    def __init__(self, name: str = "territoire", label: str = "Territoire"):
        super().__init__(name, label)

    def collect(self, pages: QuerySet, values: Values) -> TerritoryPart:
        own = {pk for pk, _ in values["pk"]}
        return TerritoryPart.of(link for link in links_of(pages) if link[0] in own)

    def form_field(self, part: TerritoryPart) -> forms.Field:
        return TerritoryField(required=False, label=self.label)

    def select(self, value: Territory, part: TerritoryPart, pages: QuerySet) -> list[int]:
        return self.concerned(part, value.pk, [container.pk for container in value.containers])

    def concerned(self, part: TerritoryPart, territory: int, containers: list[int]) -> list[int]:
        """Primary keys of the pages that concern a territory, scale after scale."""
        found: dict[int, None] = {}
        for pks in self.scales(part, territory, containers):
            found |= dict.fromkeys(self.ranked(part, pks - found.keys()))
        return list(found)

    def scales(self, part: TerritoryPart, territory: int, containers: list[int]) -> list[frozenset[int]]:
        """The pages of each scale, in order: the place, what it contains, then what contains it, nearest first."""
        around = [part.at.get(container, EMPTY) for container in containers]
        return [part.at.get(territory, EMPTY), part.within.get(territory, EMPTY), *around]

    def ranked(self, part: TerritoryPart, pks: frozenset[int]) -> list[int]:
        """The pages of one scale in order: the newest first."""
        return sorted(pks, reverse=True)

    def containers(self, territories: list[int]) -> dict[int, list[int]]:
        """For each territory, primary keys of those that contain it, nearest first; one query."""
        links = TerritoryClosure.objects.filter(descendant__in=territories, distance__gt=0).order_by("distance")
        found = {territory: [] for territory in territories}
        for descendant, ancestor in links.values_list("descendant_id", "ancestor_id"):
            found[descendant].append(ancestor)
        return found

    def wider(self, value: Territory, part: TerritoryPart) -> list[tuple[Territory, list[int]]]:
        """The territories that contain this one, nearest first, each with the pages that concern it."""
        containers = self.containers([container.pk for container in value.containers])
        return [(place, self.concerned(part, place.pk, containers[place.pk])) for place in value.containers]

    def raw(self, value: Territory) -> list[str]:
        return [value.key]

    def tell(self, raw: str, value: Territory, part: TerritoryPart) -> str:
        return label_of(value.name, value.precision)
