"""The candidates of one query on one index: what a match adds, refuses or weighs."""

from heapq import nlargest

from .index import OTHER_KIND, TerritoryIndex
from .query import Reading

# A place of another type than the one named (« agglo de », « dept »).
WRONG_KIND = 4.0


class Candidates:
    """The best score of each place, collected by the matchers for the ``reading`` at hand."""

    def __init__(self, index: TerritoryIndex, types: frozenset[str] | None = None):
        self.index = index
        self.types = types
        self.best: dict[int, tuple[float, str]] = {}
        self.certain: set[int] = set()
        self.whole = False
        self.reading = Reading([])

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
