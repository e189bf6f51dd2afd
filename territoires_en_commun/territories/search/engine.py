"""The matching and the ranking: candidates from names, sounds, words and codes, best first.

A score is the decimal logarithm of the population less the cost of the match (see README of the decision record 0004):
an exact name costs nothing, a name of which only the beginning was typed 2.5 (it must be 300 times more populated to
come before an exact one), a wrong letter about 3.
"""

from heapq import nlargest
from math import log
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .index import OTHER_KIND, TerritoryIndex, slice_of
from .normalise import compact, skeleton, without_article
from .phonetics import phonetic_key
from .query import Reading, as_code, as_numbered_city, readings
from .spellings import ARTICLE, LINKED, SHORT, core_tokens

PREFIX = 2.5
WRONG_KIND = 4.0
WORDS = 2.9
LONGEST = 60
CODE = 100.0
TYPE_ORDER = {"commune": 0, "arrondissement": 1, "epci": 2, "ept": 3, "departement": 4, "region": 5, "pays": 6}


Strings = dict[int, list[str]] | list[str]


class Weights(NamedTuple):
    """Costs of the approximate matches, tuned on generated queries (decision record 0004)."""

    approximate: float = 1.6
    letter: float = 1.2
    sound: float = 0.9
    short: float = 0.2
    first_letter: float = 0.5
    begun: float = 4.0
    begun_letter: float = 1.0
    words: float = 3.5
    words_missing: float = 6.0
    words_extra: float = 0.12
    population: float = 0.8


WEIGHTS = Weights()


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
        self.reading = Reading([])

    def run(self, text: str, limit: int) -> list[Match]:
        """The best matches of a text, at most ``limit``."""
        code = as_code(text)
        if code:
            self.codes(code, limit)
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

    # Codes

    def codes(self, code: str, limit: int) -> None:
        """Official codes and postal codes, whole or begun."""
        places = self.index.places
        official = self.official(code[:9] if len(code) == 14 else code)
        postal = [number for number in self.index.by_postal_code.get(code, ()) if self.accepts(number)]
        postal.sort(key=lambda number: (places[number].type != "arrondissement", -places[number].weight))
        for rank, number in enumerate(postal):
            self.best[number] = (CODE - rank / 100, "")
        self.certain.update(postal, (number for number, _former in official))
        top = max((places[number].weight for number in postal), default=0)
        for number, former in official:
            order = {"departement": 0.3, "region": 0.2}.get(places[number].type, 0.1)
            ahead = not postal or places[number].weight > top + 1
            # Many numbers are both: a postal code is typed more often than an official one.
            score = CODE + order if ahead and not former else CODE - 0.005
            if score > self.best.get(number, (0.0, ""))[0]:
                self.best[number] = (score, former)
        if len(code) < 5 or (len(code) == 5 and not self.best):
            self.begun_codes(code, limit)

    def official(self, code: str) -> list[tuple[int, str]]:
        """The places that bear, or bore, an official code (Corsica's old 20 means its two départements)."""
        by_code = self.index.by_code
        codes = {"20": ("2a", "2b")}.get(code, (code, code.zfill(2)) if len(code) == 1 else (code,))
        found = [known for each in codes for known in by_code.get(each, ()) if self.accepts(known[0])]
        return sorted(found, key=lambda known: known[1])

    def begun_codes(self, code: str, limit: int) -> None:
        """The most populated communes whose postal code begins so; the département's when nobody's does."""
        index = self.index
        found = {number for full in slice_of(index.postal_codes, code) for number in index.by_postal_code[full]}
        if not found and len(code) == 5:
            self.reading = Reading([], postal_code=code)
            found = {number for number, place in enumerate(index.places) if place.type == "commune"}
        for number in nlargest(limit, filter(self.accepts, found), key=lambda each: index.places[each].weight):
            self.best.setdefault(number, (index.places[number].weight, ""))

    # Names

    def names(self, text: str, limit: int) -> None:
        """Every reading of the text, cheap matches first; approximate ones only when no name is exact."""
        self.numbered_city(text)
        found = readings(text, self.index.areas)
        exact = False
        for self.reading in found:
            exact = self.exact() or exact
        for self.reading in found[:4]:
            self.prefixes(limit)
            self.all_words()
        if exact or len(compact(found[0].tokens) if found else "") < 3:
            return
        for self.reading in plausible(found):
            self.misspelt()
            if self.reading.departements is None:
                self.begun_misspelt()
                self.some_words()

    def numbered_city(self, text: str) -> None:
        """« Paris 12e » and its like; a bare number may also be the city's département (« Marseille 13 »)."""
        numbered = as_numbered_city(text)
        if numbered is None:
            return
        city, rank, said = numbered
        self.reading = Reading([])
        for form, _score, _position in process.extract(
            city, ("paris", "lyon", "marseille"), scorer=OSA.distance, score_cutoff=2 if len(city) > 4 else 1
        ):
            for number, cost in self.index.by_form.get(form + rank, ()):
                place = self.index.places[self.index.entries[number].place]
                if form == city:
                    self.certain.add(self.index.entries[number].place)
                own = rank.zfill(2) in place.departements and not said
                self.add(number, cost - (2 if not own else 0))

    def exact(self) -> bool:
        """Names written as they are, or less the article or the linking words."""
        found = False
        for form, cost in self.forms():
            for number, form_cost in self.index.by_form.get(form, ()):
                if self.accepts(self.index.entries[number].place):
                    self.add(number, max(cost, form_cost))
                    if max(cost, form_cost) <= SHORT:
                        self.certain.add(self.index.entries[number].place)
                    found = True
        if len(self.reading.tokens) == 1 and self.reading.kinds:
            for number, former in self.official(self.reading.tokens[0]):
                if self.index.places[number].type in self.reading.kinds:
                    self.best[number] = (CODE, former)
                    self.certain.add(number)
                    found = True
        if self.reading.kinds & {"epci", "ept"}:
            found = self.seat() or found
        return found

    def forms(self) -> list[tuple[str, float]]:
        """The joined forms of the reading with their costs."""
        tokens = self.reading.tokens
        forms = [(compact(tokens), 0.0)]
        if len(tokens) > 1:
            if tokens[-1] in ("le", "la", "les", "l"):
                forms.append((compact([tokens[-1], *tokens[:-1]]), 0.0))
            forms.append((compact(without_article(tokens)), ARTICLE))
            forms.append((compact(skeleton(tokens)), LINKED))
        if self.reading.kinds & {"epci", "ept"} and (core := core_tokens(tokens)):
            forms.append((compact(core), ARTICLE))
        return forms

    def seat(self) -> bool:
        """« agglo de Blois »: the intercommunality of the most populated commune of that name."""
        index = self.index
        best = None
        for form, _cost in self.forms()[:2]:
            for number, _form_cost in index.by_form.get(form, ()):
                entry = index.entries[number]
                place = index.places[entry.place]
                if place.type == "commune" and place.epci and not entry.former and self._in_area(place):
                    best = max(best or place, place, key=lambda p: p.weight)
        number = index.place_of.get(best.epci) if best else None
        if number is None or (self.types and index.places[number].type not in self.types):
            return False
        score = index.places[number].weight - 1.2 - self.reading.cost
        if number not in self.best or self.best[number][0] < score:
            self.best[number] = (score, "")
        return True

    def _in_area(self, place) -> bool:
        return self.reading.departements is None or not self.reading.departements.isdisjoint(place.departements)

    def prefixes(self, limit: int) -> None:
        """Names of which only the beginning was typed."""
        index = self.index
        for form, cost in self.forms()[:2]:
            found = {
                number for name in index.with_prefix(form) if name != form for number, _cost in index.by_form[name]
            }
            for number in self.most_populated(found, 3 * limit):
                form_cost = min(index_cost(index, number, form))
                self.add(number, PREFIX + 4 * cost + form_cost + self.unasked(number))

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

    def all_words(self) -> None:
        """Names that hold every word typed, in any order, the last one perhaps only begun."""
        index = self.index
        words = skeleton(self.reading.tokens)
        if not words or (len(words) == 1 and len(words[0]) < 3):
            return
        last = index.tokens_with_prefix(words[-1])
        if len(last) > 400:
            last = [words[-1]] if words[-1] in index.by_token else []
        groups = [[index.by_token.get(word, ())] for word in words[:-1]]
        groups.append([index.by_token[token] for token in last])
        if not all(any(len(posting) for posting in group) for group in groups):
            return
        groups.sort(key=lambda group: sum(map(len, group)))
        common = {number for posting in groups[0] for number in posting}
        for group in groups[1:]:
            common &= {number for posting in group for number in posting}
            if not common:
                return
        for number in self.most_populated(common, 60):
            entry = index.entries[number]
            whole = words[-1] in entry.tokens
            extra = len(entry.tokens) - len(words)
            self.add(number, WORDS + WEIGHTS.words_extra * extra + (0 if whole else 0.8) + self.unasked(number))

    # Approximate names

    def misspelt(self) -> None:
        """Names close to the query by their letters or by their sounds, weighed on both."""
        index = self.index
        query, key = compact(self.reading.tokens), phonetic_key(self.reading.tokens)
        if len(query) > LONGEST:
            return
        found: dict[int, tuple[int, int, float]] = {}
        forms, sounds_known = self.scope()
        for form, edits in near(query, forms, 1 if len(query) < 5 else 2 if len(query) < 12 else 3):
            for number, form_cost in index.by_form[form]:
                if number not in found or edits < found[number][0]:
                    found[number] = (edits, OSA.distance(key, index.entries[number].sound), form_cost)
        for sound, edits in near(key, sounds_known, 0 if len(key) < 3 else 1 if len(key) < 7 else 2):
            for number in index.by_sound[sound]:
                if number not in found:
                    found[number] = (OSA.distance(query, index.entries[number].forms[0]), edits, 0.0)
                elif edits < found[number][1]:
                    found[number] = (found[number][0], edits, found[number][2])
        for number, (letters, sounds, form_cost) in found.items():
            cost = WEIGHTS.approximate + WEIGHTS.letter * letters + WEIGHTS.sound * sounds + form_cost
            cost += letters * max(0, 7 - len(query)) * WEIGHTS.short
            if index.entries[number].forms[0][:1] != query[:1]:
                cost += WEIGHTS.first_letter
            self.add_approximate(number, cost + self.unasked(number))

    def scope(self) -> tuple[Strings, Strings]:
        """The names and sounds to compare with: all of them, or those of the départements or types asked for."""
        reading = self.reading
        names = reading.departements if reading.departements is not None else reading.kinds - {"commune"}
        if names:
            return self.index.scope(frozenset(names))
        return self.index.forms_by_length, self.index.sounds_by_length

    def add_approximate(self, number: int, cost: float) -> None:
        """Propose a name whose population counts for less: a rare name well matched beats a city far off."""
        weight = self.index.places[self.index.entries[number].place].weight
        self.add(number, cost + (1 - WEIGHTS.population) * weight)

    def begun_misspelt(self) -> None:
        """Beginnings of the more populated names, with one wrong letter (two when long)."""
        index = self.index
        query = compact(self.reading.tokens)
        size = len(query)
        if not 4 <= size <= 20:
            return
        starts: dict[str, int] = {}
        for length in (size, size + 1):
            matches = process.extract(
                query, index.beginnings(length), scorer=OSA.distance, score_cutoff=1 if size < 8 else 2, limit=40
            )
            starts |= {start: int(edits) for start, edits, _position in matches if edits}
        for start, edits in starts.items():
            cost = WEIGHTS.begun + WEIGHTS.begun_letter * edits
            for form in index.with_prefix(start):
                for number, form_cost in index.by_form[form]:
                    if form_cost < LINKED:
                        self.add_approximate(number, cost + form_cost + self.unasked(number))

    def some_words(self) -> None:
        """Names that share the telling words of the query, misspelt or not, among words that are not in them."""
        index = self.index
        words = skeleton(self.reading.tokens)[:8]
        total = len(index.entries)
        scores: dict[int, float] = {}
        asked = 0.0
        for word in words:
            near_words = self.near_words(word)
            rarity = max((log(total / len(index.by_token[token])) for token, _edits in near_words), default=7.0)
            asked += rarity
            seen: dict[int, float] = {}
            for token, edits in near_words:
                posting = index.by_token[token]
                if len(posting) > 2500 and len(words) > 1:
                    continue
                value = rarity * (1 - 0.2 * edits)
                for number in posting:
                    if value > seen.get(number, 0):
                        seen[number] = value
            for number, value in seen.items():
                scores[number] = scores.get(number, 0) + value
        if not scores or not asked:
            return
        top = max(scores.values())
        for number, value in scores.items():
            if value < 0.6 * top:
                continue
            extra = max(0, len(index.entries[number].tokens) - len(words))
            missing = 1 - value / asked
            cost = WEIGHTS.words + WEIGHTS.words_missing * missing + 2 * WEIGHTS.words_extra * extra
            self.add_approximate(number, cost + self.unasked(number))

    def near_words(self, word: str) -> list[tuple[str, int]]:
        """Words of the names equal to a word or close to it."""
        index = self.index
        if word in index.by_token:
            return [(word, 0)]
        if len(word) < 4:
            return []
        return near(word, index.tokens_by_length, 1 if len(word) < 7 else 2)


def plausible(found: list[Reading]) -> list[Reading]:
    """The readings worth an approximate search: the literal one only if no institution is named."""
    if len(found) > 1 and found[1].kinds and found[0].tokens[0] != "ville":
        found = found[1:]
    return found[:3]


def near(query: str, groups: Strings, limit: int) -> list[tuple[str, int]]:
    """Strings at most ``limit`` edits away (insertions, deletions, substitutions, transpositions)."""
    found: list[tuple[str, int]] = []
    for length in range(len(query) - limit, len(query) + limit + 1) if isinstance(groups, dict) else (0,):
        group = groups.get(length) if isinstance(groups, dict) else groups
        if group:
            matches = process.extract(query, group, scorer=OSA.distance, score_cutoff=limit, limit=None)
            found.extend((match, int(edits)) for match, edits, _position in matches)
    return found


def index_cost(index: TerritoryIndex, number: int, form: str) -> list[float]:
    """The costs of the spellings of an entry that begin with a form."""
    return [
        cost
        for spelling in index.entries[number].forms
        if spelling.startswith(form)
        for entry, cost in index.by_form[spelling]
        if entry == number
    ]
