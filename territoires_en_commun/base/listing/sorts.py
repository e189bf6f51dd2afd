"""The orders of a listing, computed in Python so that SQLite and PostgreSQL agree on accents and empty values."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MARKS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """A text as a French index orders it: accents and case aside, any mark a space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in text if not unicodedata.combining(c))
    return MARKS.sub(" ", text.lower())


@dataclass(frozen=True)
class Sort:
    """An order on one field; empty values come last, primary keys break ties.

    ``lookup`` may follow single-valued relations.
    """

    name: str
    label: str
    lookup: str
    key: Callable[[Any], Any] | None = None
    reverse: bool = False

    def order(self, rows: list[tuple[int, Any]]) -> tuple[int, ...]:
        """Primary keys in this order, from those of all the pages and their values of ``lookup``."""
        known = [(self.key(value) if self.key else value, pk) for pk, value in rows if value not in (None, "")]
        empty = sorted(pk for pk, value in rows if value in (None, ""))
        return tuple(pk for _, pk in sorted(known, reverse=self.reverse)) + tuple(empty)


@dataclass(frozen=True)
class Ranked:
    """The order that a filter gives to what it keeps; offered when that filter is used."""

    name: str
    label: str
    filter: str


RELEVANCE = Ranked("pertinence", "Pertinence", "q")
NEAREST = Ranked("proximite", "Du plus proche au plus large", "territoire")
RECENT = Sort("recent", "Plus récents", "first_published_at", reverse=True)
TITLE = Sort("titre", "Ordre alphabétique", "title", key=folded)
