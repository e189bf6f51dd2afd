"""The order of rows that are edited with a page."""

from collections.abc import Iterable
from typing import TypeVar

from wagtail.models import Orderable

Row = TypeVar("Row", bound=Orderable)


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows, ranked as they come: the editor's form does so, and a database promises no order to rows unranked."""
    ranked = list(rows)
    for rank, row in enumerate(ranked):
        row.sort_order = rank
    return ranked
