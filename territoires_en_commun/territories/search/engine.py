"""The matching and the ranking: candidates from names, sounds, words and codes, best first.

A score is the decimal logarithm of the population less the cost of the match (see README of the decision record 0004):
an exact name costs nothing, a name of which only the beginning was typed 2.5 (it must be 300 times more populated to
come before an exact one), a wrong letter about 3.
"""

from heapq import nlargest
from typing import NamedTuple

from .approximate import begun_misspelt, misspelt, some_words
from .codes import find_codes
from .index import OTHER_KIND, TerritoryIndex
from .literal import all_words, exact, numbered_city, prefixes
from .normalise import compact
from .query import Reading, as_code, readings

# A place of another type than the one named (« agglo de », « dept »).
WRONG_KIND = 4.0
TYPE_ORDER = {"commune": 0, "arrondissement": 1, "epci": 2, "ept": 3, "departement": 4, "region": 5, "pays": 6}


class Match(NamedTuple):
    """A place of the index, its score, the former name that led to it, whether the text is its name or its code."""

    place: int
    score: float
    former: str
    exact: bool


class Search:
    """One query on one index: collects the best score of each place."""

    def __init__(self, index: TerritoryIndex, types: frozenset[str] | None = None):
        self.index = index
        self.types = types
        self.best: dict[int, tuple[float, str]] = {}
        self.certain: set[int] = set()
        self.whole = False
        self.reading = Reading([])

    def run(self, text: str, limit: int) -> list[Match]:
        """The best matches of a text, at most ``limit``."""
        code = as_code(text)
        if code:
            find_codes(self, code, limit)
        if not code or not self.best:
            self.names(text, limit)
        places = self.index.places
        ranked = nlargest(
            limit,
            self.best.items(),
            key=lambda item: (
                item[1][0],
                -TYPE_ORDER[places[item[0]].type],
                -len(places[item[0]].name),
                -item[0],
            ),
        )
        return [Match(place, score, former, place in self.certain) for place, (score, former) in ranked]

    # Collecting

    def add(self, entry_number: int, cost: float) -> None:
        """Propose a name at a cost, within what the reading asks."""
        entry = self.index.entries[entry_number]
        place = self.index.places[entry.place]
        if not self.accepts(entry.place):
            return
        weight = place.weight
        if entry.former and place.type == "commune":
            weight = min(weight, 2.5)
        score = weight - cost - entry.cost - self.reading.cost
        if self.reading.kinds and place.type not in self.reading.kinds:
            score -= WRONG_KIND
        known = self.best.get(entry.place)
        if known is None or score > known[0]:
            self.best[entry.place] = (score, entry.former)

    def accepts(self, number: int) -> bool:
        """Whether the place is of a type asked for and inside the hinted area."""
        place = self.index.places[number]
        if self.types and place.type not in self.types:
            return False
        hinted = self.reading.departements
        if hinted is not None and hinted.isdisjoint(place.departements):
            return False
        return not self.reading.postal_code or self.has_postal_code(number)

    def has_postal_code(self, number: int) -> bool:
        """Whether the place has the postal code of the reading, or its département when nobody has that code."""
        code = self.reading.postal_code
        found = self.index.by_postal_code.get(code)
        if found is not None:
            return number in found
        departement = code[:3] if code.startswith(("97", "98")) else code[:2]
        departements = self.index.places[number].departements
        return departement in departements or (departement == "20" and not {"2A", "2B"}.isdisjoint(departements))

    # Names

    def names(self, text: str, limit: int) -> None:
        """Every reading of the text, cheap matches first; approximate ones only when no name is exact."""
        found = readings(text, self.index.areas)
        for words in {" ".join(reading.tokens): None for reading in found[:3]}:
            numbered_city(self, words)
        named = False
        for self.reading in found:
            named = exact(self, literal=self.reading is found[0]) or named
        for self.reading in found[:4]:
            prefixes(self, limit)
            all_words(self)
        if named or len(compact(found[0].tokens) if found else "") < 3:
            return
        for self.reading in plausible(found):
            close = misspelt(self)
            if self.reading.departements is None:
                begun_misspelt(self)
                if not close:
                    some_words(self)

    def most_populated(self, numbers: set[int], limit: int) -> list[int]:
        """The names that weigh most among those the reading accepts."""
        index = self.index
        reading = self.reading
        if reading.kinds or reading.departements is not None or reading.postal_code or self.types:
            numbers = {number for number in numbers if self.accepts(index.entries[number].place)}
            if reading.kinds:
                return nlargest(
                    limit, numbers, key=lambda number: index.begun_weights[number] - 3 * self.unasked(number)
                )
        return nlargest(limit, numbers, key=index.begun_weights.__getitem__)

    def unasked(self, number: int) -> float:
        """What a name begun costs more when it isn't that of a commune and nothing in the query asked for it."""
        kind = self.index.places[self.index.entries[number].place].type
        return 0.0 if kind == "commune" or kind in self.reading.kinds else OTHER_KIND


def plausible(found: list[Reading]) -> list[Reading]:
    """The readings worth an approximate search: the literal one only if no institution is named."""
    if len(found) > 1 and found[1].kinds and found[0].tokens[0] != "ville":
        found = found[1:]
    return found[:3]
