"""Names written with mistakes: wrong letters, letters by ear, misspelt beginnings, some of the words."""

from heapq import nlargest
from math import log
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .candidates import Candidates
from .normalise import compact, skeleton
from .phonetics import phonetic_key
from .spellings import LINKED

LONGEST = 60
# Share of the letters beyond which two names of one sound have nothing in common.
FARTHEST = 0.6
Strings = dict[int, list[str]] | list[str]


class Weights(NamedTuple):
    """Costs of the approximate matches, chosen by hand, then by a short search on generated queries (record 0004)."""

    approximate: float = 1.3
    letter: float = 1.35
    sound: float = 0.9
    short: float = 0.2
    first_letter: float = 0.5
    begun: float = 4.0
    begun_letter: float = 1.0
    words: float = 4.0
    words_missing: float = 6.0
    words_extra: float = 0.12
    population: float = 0.9


WEIGHTS = Weights()


def misspelt(search: Candidates) -> bool:
    """Names close to the query by their letters or by their sounds, weighed on both; whether one is very close."""
    index = search.index
    query, key = compact(search.reading.tokens), phonetic_key(search.reading.tokens)
    if len(query) > LONGEST:
        return False
    found: dict[int, tuple[int, int, float]] = {}
    forms, sounds_known = known_strings(search)
    for form, edits in near(query, forms, 1 if len(query) < 5 else 2 if len(query) < 12 else 3):
        for number, form_cost in index.by_form[form]:
            if number not in found or edits < found[number][0]:
                found[number] = (edits, OSA.distance(key, index.entries[number].sound), form_cost)
    close = any(letters == 1 and sounds == 0 for letters, sounds, _cost in found.values())
    for sound, edits in near(key, sounds_known, 0 if close or len(key) < 3 else 1 if len(key) < 9 else 2):
        for number in index.by_sound[sound]:
            if number not in found:
                found[number] = (OSA.distance(query, index.entries[number].forms[0]), edits, 0.0)
            elif edits < found[number][1]:
                found[number] = (found[number][0], edits, found[number][2])
    for number, (letters, sounds, form_cost) in found.items():
        if letters > FARTHEST * max(len(query), len(index.entries[number].forms[0])):
            continue
        cost = WEIGHTS.approximate + WEIGHTS.letter * letters + WEIGHTS.sound * sounds + form_cost
        cost += letters * max(0, 7 - len(query)) * (WEIGHTS.short if sounds else WEIGHTS.short / 4)
        if index.entries[number].forms[0][:1] != query[:1]:
            cost += WEIGHTS.first_letter
        add_approximate(search, number, cost + search.unasked(number))
    return any(letters * 5 <= len(query) for letters, _sounds, _cost in found.values())


def known_strings(search: Candidates) -> tuple[Strings, Strings]:
    """The names and sounds to compare with: all of them, or those of the départements or types asked for."""
    reading = search.reading
    names = reading.departements if reading.departements is not None else reading.kinds - {"commune"}
    if names:
        return search.index.scope(frozenset(names))
    return search.index.forms_by_length, search.index.sounds_by_length


def add_approximate(search: Candidates, number: int, cost: float) -> None:
    """Propose a name whose population counts for less: a rare name well matched beats a city far off."""
    weight = search.index.places[search.index.entries[number].place].weight
    search.add(number, cost + (1 - WEIGHTS.population) * weight)


def begun_misspelt(search: Candidates) -> None:
    """Beginnings of the more populated names, with one wrong letter (two when long)."""
    index = search.index
    query = compact(search.reading.tokens)
    size = len(query)
    if not 4 <= size <= 20:
        return
    starts: dict[str, int] = {}
    for length in (size, size + 1):
        matches = process.extract(
            query, index.beginnings(length), scorer=OSA.distance, score_cutoff=1 if size < 8 else 2, limit=40
        )
        starts |= {start: int(edits) for start, edits, _position in matches if edits}
    found: dict[int, int] = {}
    for start, edits in starts.items():
        numbers = {
            number for form in index.with_prefix(start) for number, cost in index.by_form[form] if cost < LINKED
        }
        for number in search.most_populated(numbers, 30):
            found[number] = min(edits, found.get(number, edits))
    for number, edits in found.items():
        cost = WEIGHTS.begun + WEIGHTS.begun_letter * edits
        add_approximate(search, number, cost + search.unasked(number))


def some_words(search: Candidates) -> None:
    """Names that share the telling words of the query, misspelt or not, among words that are not in them."""
    index = search.index
    words = skeleton(search.reading.tokens)[:8]
    total = len(index.entries)
    scores: dict[int, float] = {}
    asked = 0.0
    for word in words:
        close_words = near_words(search, word)
        rarity = max((log(total / len(index.by_token[token])) for token, _edits in close_words), default=7.0)
        asked += rarity
        seen: dict[int, float] = {}
        for token, edits in close_words:
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
    weights = index.begun_weights
    telling = (number for number, value in scores.items() if value >= 0.6 * top)
    for number in nlargest(100, telling, key=lambda number: scores[number] / asked * 6 + weights[number]):
        value = scores[number]
        extra = max(0, len(index.entries[number].tokens) - len(words))
        missing = 1 - value / asked
        cost = WEIGHTS.words + WEIGHTS.words_missing * missing + 2 * WEIGHTS.words_extra * extra
        add_approximate(search, number, cost + search.unasked(number))


def near_words(search: Candidates, word: str) -> list[tuple[str, int]]:
    """Words of the names equal to a word or close to it."""
    index = search.index
    if word in index.by_token:
        return [(word, 0)]
    if len(word) < 4:
        return []
    return near(word, index.tokens_by_length, 1 if len(word) < 7 else 2)


def near(query: str, groups: Strings, limit: int) -> list[tuple[str, int]]:
    """Strings at most ``limit`` edits away (insertions, deletions, substitutions, transpositions)."""
    found: list[tuple[str, int]] = []
    for length in range(len(query) - limit, len(query) + limit + 1) if isinstance(groups, dict) else (0,):
        group = groups.get(length) if isinstance(groups, dict) else groups
        if group:
            matches = process.extract(query, group, scorer=OSA.distance, score_cutoff=limit, limit=None)
            found.extend((match, int(edits)) for match, edits, _position in matches)
    return found
