"""The matching and the ranking: candidates from names, sounds, words and codes, best first.

A score is the decimal logarithm of the population less the cost of the match (decision record 0004):
an exact name costs nothing, a name of which only the beginning was typed 2.5 (it must be 300 times more populated to
come before an exact one), a wrong letter about 3.
"""

from heapq import nlargest
from typing import NamedTuple

from .approximate import begun_misspelt, misspelt, some_words
from .candidates import Candidates
from .codes import find_codes
from .literal import all_words, exact, numbered_city, prefixes
from .normalise import compact
from .query import Reading, as_code, readings

TYPE_ORDER = {"commune": 0, "arrondissement": 1, "epci": 2, "ept": 3, "departement": 4, "region": 5, "pays": 6}


class Match(NamedTuple):
    """A place of the index, its score, the former name that led to it, whether the text is its name or its code."""

    place: int
    score: float
    former: str
    exact: bool


class Search(Candidates):
    """One query on one index."""

    def run(self, text: str, limit: int, approximate: bool = True) -> list[Match]:
        """The best matches of a text, at most ``limit``."""
        code = as_code(text)
        if code:
            find_codes(self, code, limit)
        if not code or not self.best:
            self.names(text, limit, approximate)
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

    def names(self, text: str, limit: int, approximate: bool) -> None:
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
        if named or not approximate or len(compact(found[0].tokens) if found else "") < 3:
            return
        for self.reading in plausible(found):
            close = misspelt(self)
            if self.reading.departements is None:
                begun_misspelt(self)
                if not close:
                    some_words(self)


def plausible(found: list[Reading]) -> list[Reading]:
    """The readings worth an approximate search: the literal one only if no institution is named."""
    if len(found) > 1 and found[1].kinds and found[0].tokens[0] != "ville":
        found = found[1:]
    return found[:3]
