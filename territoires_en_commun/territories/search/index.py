"""The in-memory index of territory names: built at once from plain rows, then only read, by any number of threads."""

import csv
import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from importlib import resources
from typing import NamedTuple

from .normalise import skeleton, tokenise
from .phonetics import phonetic_key
from .spellings import EXACT, FORMER, SHORT, compact_forms, spellings, variants

ANSWERED = ("commune", "arrondissement", "epci", "ept", "departement", "region", "pays")
NOTABLE = 5000
# What an unasked-for EPCI, département or region costs against a commune when only a part of its name matches.
OTHER_KIND = 1.5
FORMER_LABELS = {"commune-deleguee": "commune déléguée : {}", "commune-associee": "commune associée : {}"}
PREFIX_END = "\U0010ffff"


class Row(NamedTuple):
    """What the index needs of one territory; ``current`` is the key of the territory that answers for it."""

    key: str
    type: str
    code: str
    name: str
    slug: str
    siren: str
    postal_codes: list[str]
    population: int
    category: str
    current: str
    departements: tuple[str, ...]
    epci: str
    precision: str


class Place(NamedTuple):
    """A territory that can be an answer; ``weight`` is the decimal logarithm of its population."""

    key: str
    type: str
    code: str
    name: str
    slug: str
    weight: float
    departements: tuple[str, ...]
    epci: str
    precision: str


class Entry(NamedTuple):
    """A name that leads to a place: its own, a former one or a usual one."""

    place: int
    former: str
    cost: float
    tokens: tuple[str, ...]
    forms: tuple[str, ...]
    sound: str

    def ends_word(self, beginning: str) -> bool:
        """Whether the beginning stops at the end of a word of the name, not inside one."""
        last = next((token for token in self.tokens if beginning.endswith(token)), "")
        return bool(last)


class TerritoryIndex:
    """Names, sounds, words and codes of every territory."""

    def __init__(self, rows: Iterable[Row]):
        self.places: list[Place] = []
        self.entries: list[Entry] = []
        self.place_of: dict[str, int] = {}
        self.by_form: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.by_sound: dict[str, list[int]] = defaultdict(list)
        self.by_token: dict[str, array] = {}
        self.by_code: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.by_postal_code: dict[str, list[int]] = defaultdict(list)
        self.areas: dict[str, frozenset[str]] = {}
        self.scopes: dict[str, array] = {}
        self.begun_weights = array("f")
        self._sounds: dict[str, str] = {}
        former = []
        for row in rows:
            if row.type in ANSWERED and row.current == row.key:
                self._add_place(row)
            else:
                former.append(row)
        # A commune déléguée is also a former commune: what it is today is told first.
        told: set[tuple[str, str]] = set()
        for row in sorted(former, key=lambda row: row.type not in FORMER_LABELS):
            self._add_former(row, told)
        self._add_aliases()
        self._close()

    # Building

    def _add_place(self, row: Row) -> None:
        number = len(self.places)
        weight = math.log10(row.population + 10)
        self.places.append(
            Place(row.key, row.type, row.code, row.name, row.slug, weight, row.departements, row.epci, row.precision)
        )
        self.place_of[row.key] = number
        self._add_codes(number, row)
        self._add_entry(number, "", EXACT, compact_forms(spellings(row.type, row.name, row.category)), row.name)

    def _add_former(self, row: Row, known: set[tuple[str, str]]) -> None:
        number = self.place_of.get(row.current)
        if number is None:
            return
        place = self.places[number]
        told = FORMER_LABELS.get(row.type, "ex-{}").format(row.name)
        if row.code != place.code and (row.current, row.code) not in known:
            self._add_codes(number, row, told)
        if row.name != place.name and (row.current, row.name) not in known:
            self._add_entry(number, told, FORMER, compact_forms(spellings(row.type, row.name)), row.name)
        known |= {(row.current, row.code), (row.current, row.name)}

    def _add_aliases(self) -> None:
        for key, name, kind in read_aliases():
            number = self.place_of.get(key)
            if number is not None:
                cost = 0.1 if kind == "usual" else 0.2
                forms = compact_forms(variants(tokenise(name)))
                told = f"ex-{name}" if kind == "former" else ""
                self._add_entry(number, told, cost, forms, name)

    def _add_codes(self, number: int, row: Row, former: str = "") -> None:
        for code in {row.code, row.siren} - {""}:
            self.by_code[code.lower()].append((number, former))
        for code in row.postal_codes:
            self.by_postal_code[code].append(number)

    def _add_entry(self, place: int, former: str, cost: float, forms: dict[str, float], name: str) -> None:
        tokens = tokenise(name)
        bones = tuple(skeleton(tokens))
        number = len(self.entries)
        sound = phonetic_key(tokens, self._sounds)
        self.entries.append(Entry(place, former, cost, bones, tuple(forms), sound))
        for form, form_cost in forms.items():
            self.by_form[form].append((number, form_cost))
        self.by_sound[sound].append(number)
        bare = phonetic_key(list(bones), self._sounds)
        if number not in self.by_sound[bare]:
            self.by_sound[bare].append(number)
        target = self.places[place]
        self.begun_weights.append(target.weight - cost - (0 if target.type == "commune" else OTHER_KIND))
        for scope in {*target.departements, target.type} if target.type != "pays" else ():
            self.scopes.setdefault(scope, array("I")).append(number)
        for token in set(bones):
            self.by_token.setdefault(token, array("I")).append(number)

    def _close(self) -> None:
        self.by_form, self.by_sound = dict(self.by_form), dict(self.by_sound)
        self.by_code, self.by_postal_code = dict(self.by_code), dict(self.by_postal_code)
        self.forms = sorted(self.by_form)
        self.tokens = sorted(self.by_token)
        self.postal_codes = sorted(self.by_postal_code)
        self.forms_by_length = by_length(self.forms)
        self.sounds_by_length = by_length(self.by_sound)
        self.tokens_by_length = by_length(self.tokens)
        self.areas = self._areas()
        self._sounds = {}
        self._beginnings: dict[int, list[str]] = {}
        self._notable = self._most_populated_forms()

    def _areas(self) -> dict[str, frozenset[str]]:
        """Codes of départements by the joined name of the département or région people give as a hint."""
        areas: dict[str, set[str]] = defaultdict(set)
        for form, found in self.by_form.items():
            for number, _cost in found:
                place = self.places[self.entries[number].place]
                if place.type in ("departement", "region"):
                    areas[form].update(place.departements)
        for place in self.places:
            if place.type == "departement":
                areas[place.code.lower()].add(place.code)
                areas[place.code.lower().lstrip("0")].add(place.code)
        return {form: frozenset(codes) for form, codes in areas.items()}

    def _most_populated_forms(self) -> list[str]:
        chosen = set(nlargest(NOTABLE, range(len(self.places)), key=lambda number: self.places[number].weight))
        return [
            form
            for form, found in self.by_form.items()
            if any(self.entries[number].place in chosen and cost <= SHORT for number, cost in found)
        ]

    # Reading

    def scope(self, names: frozenset[str]) -> tuple[list[str], list[str]]:
        """The joined names and the sounds of the entries of some départements (or types)."""
        numbers = {number for name in names for number in self.scopes.get(name, ())}
        entries = [self.entries[number] for number in numbers]
        return list({form for entry in entries for form in entry.forms}), list({entry.sound for entry in entries})

    def beginnings(self, length: int) -> list[str]:
        """The first letters of the names of the more populated territories, for names begun with a mistake."""
        known = self._beginnings.get(length)
        if known is None:
            known = self._beginnings[length] = list({form[:length] for form in self._notable if len(form) > length})
        return known

    def with_prefix(self, prefix: str) -> list[str]:
        """The joined names that begin with the prefix."""
        return slice_of(self.forms, prefix)

    def tokens_with_prefix(self, prefix: str) -> list[str]:
        """The words that begin with the prefix."""
        return slice_of(self.tokens, prefix)


def by_length(strings: Iterable[str]) -> dict[int, list[str]]:
    """The strings grouped by their number of characters."""
    groups: dict[int, list[str]] = defaultdict(list)
    for string in strings:
        groups[len(string)].append(string)
    return dict(groups)


def slice_of(ordered: list[str], prefix: str) -> list[str]:
    """The part of a sorted list that begins with the prefix."""
    return ordered[bisect_left(ordered, prefix) : bisect_left(ordered, prefix + PREFIX_END)]


def read_aliases() -> Iterator[list[str]]:
    """The rows (key, name, kind) of the file of usual and former names."""
    text = resources.files(__package__).joinpath("aliases.tsv").read_text(encoding="utf-8")
    yield from csv.reader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
