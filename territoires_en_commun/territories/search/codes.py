"""Official and postal codes, whole or begun."""

from heapq import nlargest

from .candidates import Candidates
from .index import slice_of
from .query import Reading

# The score of a code, above that of any name.
CODE = 100.0
# An official code goes before the postal code of the same digits when its commune is five times more populated.
MUCH_MORE = 0.7


def find_codes(search: Candidates, code: str, limit: int) -> None:
    """Official codes and postal codes, whole or begun."""
    places = search.index.places
    official = official_codes(search, code[:9] if len(code) == 14 else code)
    postal = [number for number in search.index.by_postal_code.get(code, ()) if search.accepts(number)]
    postal.sort(key=lambda number: (places[number].type != "arrondissement", -places[number].weight))
    for rank, number in enumerate(postal):
        search.best[number] = (CODE - rank / 100, "")
    search.certain.update(postal, (number for number, _former in official))
    top = max((places[number].weight for number in postal), default=0)
    for number, former in official:
        order = {"departement": 0.3, "region": 0.2}.get(places[number].type, 0.1)
        ahead = not postal or places[number].weight > top + MUCH_MORE
        # Many numbers are both: a postal code is typed more often than an official one.
        score = CODE + order if ahead and not former else CODE - 0.005
        if score > search.best.get(number, (0.0, ""))[0]:
            search.best[number] = (score, former)
    if len(code) < 5 or (len(code) == 5 and not search.best):
        begun_codes(search, code, limit)


def official_codes(search: Candidates, code: str) -> list[tuple[int, str]]:
    """The places that bear, or bore, an official code (Corsica's old 20 means its two départements)."""
    by_code = search.index.by_code
    codes = {"20": ("2a", "2b")}.get(code, (code, code.zfill(2)) if len(code) == 1 else (code,))
    found = [known for each in codes for known in by_code.get(each, ()) if search.accepts(known[0])]
    return sorted(found, key=lambda known: known[1])


def begun_codes(search: Candidates, code: str, limit: int) -> None:
    """The most populated communes whose postal code begins so; the département's when nobody's does."""
    index = search.index
    found = {number for full in slice_of(index.postal_codes, code) for number in index.by_postal_code[full]}
    if not found and len(code) == 5:
        search.reading = Reading([], postal_code=code)
        found = {number for number, place in enumerate(index.places) if place.type == "commune"}
    for number in nlargest(limit, filter(search.accepts, found), key=lambda each: index.places[each].weight):
        search.best.setdefault(number, (index.places[number].weight, ""))
