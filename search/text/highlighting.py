"""What a page says of what was looked for: safe HTML where the words found are between <mark> tags."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .analysis import STOP_WORDS, Token, fold, stem, tokens
from .expansion import Group
from .query import Query

EXCERPT = 230  # characters
MARGIN = 70  # characters shown before the first word found
MAX_READ = 60_000  # characters of a text that are looked at
MAX_FOUND = 200
VARIANTS = {"a": "aàâä", "c": "cç", "e": "eéèêë", "i": "iîï", "o": "oôöœ", "u": "uùûü", "y": "yÿ", "n": "nñ"}


class Place(NamedTuple):
    """A word found in a text: where it begins and ends, and its stem."""

    start: int
    end: int
    stem: str


@lru_cache(maxsize=512)
def _beginnings(stems: frozenset[str]) -> re.Pattern[str]:
    """What begins as one of these stems, whatever the accents: a quick look before words are read."""
    begun = sorted({stem[:4] if len(stem) > 4 else stem for stem in stems})
    classes = ["".join(f"[{VARIANTS.get(letter, letter)}]" for letter in text.replace("oe", "o")) for text in begun]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(classes)})" if classes else r"(?!)", re.IGNORECASE)


class Highlighter:
    """Marks the words of one query."""

    def __init__(self, query: Query, groups: Sequence[Group]):
        words = [word for group in groups for other in group.alternatives for word in other.words]
        words += [word for phrase in query.phrases for word in phrase]
        self.stems = frozenset(stem(word) for word in words if word not in STOP_WORDS)

    def places(self, text: str) -> list[Place]:
        """The words found in a text, in order, 200 at most."""
        text = text[:MAX_READ]
        found: list[Place] = []
        end = 0
        for hint in _beginnings(self.stems).finditer(text):
            if hint.start() < end:
                continue
            token = next(tokens(text[hint.start() : hint.start() + 80]), None)
            if token and (root := stem(token.word)) in self.stems:
                end = hint.start() + token.end
                found.append(Place(hint.start() + token.start, end, root))
            if len(found) == MAX_FOUND:
                break
        return found

    def marked(self, text: str, places: Iterable[Place] | None = None) -> SafeString:
        """A whole text, its words found marked."""
        places = self.places(text) if places is None else places
        return marked_between(text, ((place.start, place.end) for place in places))

    def excerpt(self, text: str) -> tuple[SafeString, int]:
        """The part of a text that tells most of what is looked for, and how many notions it tells; empty for none."""
        text = text[:MAX_READ]
        places = self.places(text)
        if not places:
            return SafeString(""), 0
        first, told = most_told(places)
        start = _word_start(text, first.start - MARGIN)
        end = _word_end(text, start + EXCERPT)
        inside = [Place(p.start - start, p.end - start, p.stem) for p in places if start <= p.start and p.end <= end]
        shown = self.marked(text[start:end], inside)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return mark_safe(f"{before}{' '.join(shown.split())}{after}"), told  # noqa: S308


def marked_between(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """A whole text as safe HTML, each span of it (where it begins and ends, in order) marked."""
    parts, done = [], 0
    for start, end in spans:
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))  # noqa: S308 (every piece is escaped)


def marked_as_typed(text: str, typed: Sequence[str]) -> SafeString:
    """A title whose words that were typed (folded, the last one maybe unfinished) are marked, as safe HTML."""
    *whole, last = typed or [""]
    spans = []
    for token in tokens(text):
        if token.word in whole:
            spans.append((token.start, token.end))
        elif last and token.word.startswith(last):
            spans.append((token.start, _end_of(text, token, last)))
    return marked_between(text, spans)


def _end_of(text: str, token: Token, beginning: str) -> int:
    """Where the beginning of a word ends: « coe » is that of « cœur », two letters long."""
    ends = range(token.start + 1, token.end)
    return next((end for end in ends if fold(text[token.start : end]).startswith(beginning)), token.end)


def most_told(places: Sequence[Place]) -> tuple[Place | None, int]:
    """The place from which an excerpt tells most notions, and how many: none without places."""
    first = max(places, key=lambda place: (_told(places, place), -place.start), default=None)
    return first, _told(places, first) if first else 0


def _told(places: Sequence[Place], first: Place) -> int:
    """How many different stems follow a place within an excerpt."""
    return len({place.stem for place in places if first.start <= place.start < first.start + EXCERPT - MARGIN})


def _word_start(text: str, position: int) -> int:
    """The first word that begins at a position or after it."""
    if position <= 0:
        return 0
    space = text.find(" ", position)
    return space + 1 if 0 <= space < position + MARGIN else position


def _word_end(text: str, position: int) -> int:
    """The end of the last word that ends before a position."""
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", 0, position)
    return space if space > position - MARGIN else position
