"""What a listing reads of all its pages for its filters and orders: one query, and another for its terms."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet, Value

Pairs = list[tuple[int, Any]]  # the primary key and the value of every page


class PageValues(Mapping[str, Pairs]):
    """The values of each lookup, and the primary keys themselves under ``pk``.

    A lookup that names a relation of several rows gives the key of each; all of these are read together, when one
    is first asked for: a page may ask for none.
    """

    def __init__(self, pages: QuerySet, lookups: Iterable[str]):
        wanted = list(dict.fromkeys(lookups))
        self._pages = pages
        self._several = [lookup for lookup in wanted if has_several(pages.model, lookup)]
        names = ["pk", *(lookup for lookup in wanted if lookup not in self._several)]
        rows = list(pages.order_by().values_list(*names))
        self._single = {name: [(row[0], row[rank]) for row in rows] for rank, name in enumerate(names)}

    def __getitem__(self, lookup: str) -> Pairs:
        return self._single[lookup] if lookup in self._single else self._links[lookup]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._single, *self._several])

    def __len__(self) -> int:
        return len(self._single) + len(self._several)

    @cached_property
    def _links(self) -> dict[str, Pairs]:
        first, *others = (
            self._pages.filter(**{f"{relation}__isnull": False}).order_by().values_list(Value(rank), "pk", relation)
            for rank, relation in enumerate(self._several)
        )
        links: dict[str, Pairs] = {relation: [] for relation in self._several}
        for rank, pk, key in first.union(*others, all=True) if others else first:
            links[self._several[rank]].append((pk, key))
        return links


def has_several(model: type[Model], lookup: str) -> bool:
    """Whether a lookup names a relation to several rows; one that names no field (an annotation) does not."""
    try:
        return model._meta.get_field(lookup).many_to_many
    except FieldDoesNotExist:
        return False
