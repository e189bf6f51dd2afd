"""What a word is also found by: inflections, synonyms, beginnings of words, corrections of typing errors.

Done at each query by our own code, so that a rule written by an editor is live at once, and so that both engines
search the same thing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .analysis import ELIDED, STOP_WORDS, stem
from .query import Query, Word

SYNONYM, ELISION, SPLIT, NEAR, FAR, BEGINNING = 0.9, 0.9, 0.8, 0.7, 0.5, 0.6  # weights beside the word itself, 1
MIN_BEGINNING = 3  # letters
MAX_BEGINNINGS = 8
MIN_PART = 3  # letters of the parts of two words typed as one


class Vocabulary(Protocol):
    """The words of the index."""

    def frequency(self, word: str) -> int:
        """How many documents hold this folded word."""

    def beginning_with(self, prefix: str, limit: int) -> list[str]:
        """The most frequent words that begin so."""

    def near(self, word: str, distance: int) -> list[tuple[str, int]]:
        """Words at this many typing errors or fewer, the nearest and most frequent first, with their distance."""


@dataclass(frozen=True)
class Alternative:
    """Folded words that must all be there, and what they weigh against what was typed (1)."""

    words: tuple[str, ...]
    weight: float = 1.0

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(stem(word) for word in self.words)


@dataclass(frozen=True)
class Group:
    """One notion that is looked for: any of its alternatives will do. ``correction``: a word read for another."""

    alternatives: tuple[Alternative, ...]
    typed: str = ""
    correction: str = ""

    @property
    def meant(self) -> Alternative:
        """What was typed, or what it was read as."""
        return self.alternatives[1 if self.correction else 0]


@dataclass(frozen=True)
class Rules:
    """Synonyms and acronyms: for the stems of an expression, the expressions that are as good."""

    expressions: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """Words of the longest expression."""
        return max(map(len, self.expressions), default=0)


def rule_stems(words: Iterable[str]) -> tuple[str, ...]:
    """How the rules know an expression: its stems, stop words aside."""
    kept = [word for word in words if word not in STOP_WORDS] or list(words)
    return tuple(stem(word) for word in kept)


def expand(query: Query, vocabulary: Vocabulary, rules: Rules) -> tuple[Group, ...]:
    """The notions of a query in order, each with its alternatives, that which was typed first."""
    groups, position = [], 0
    while position < len(query.words):
        size, others = _rule_at(query.words, position, rules)
        span = query.words[position : position + max(size, 1)]
        typed = tuple(word.text for word in span)
        synonyms = tuple(Alternative(other, SYNONYM) for other in others)
        if len(span) > 1:
            groups.append(Group((Alternative(typed), *synonyms), " ".join(typed)))
        else:
            groups.append(_group_of(span[0], synonyms, vocabulary))
        position += len(span)
    return tuple(groups)


def _rule_at(words: tuple[Word, ...], position: int, rules: Rules) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """The longest expression of a rule that begins at this word: its size and what it stands for."""
    for size in range(min(rules.longest, len(words) - position), 0, -1):
        key = tuple(word.stem for word in words[position : position + size])
        if others := rules.expressions.get(key):
            return size, others
    return 0, ()


def _group_of(word: Word, synonyms: tuple[Alternative, ...], vocabulary: Vocabulary) -> Group:
    typed = Alternative((word.text,))
    if synonyms or vocabulary.frequency(word.text):
        return Group((typed, *synonyms), word.text)
    found = _other_readings(word, vocabulary)
    correction = " ".join(found[0].words) if found and found[0].weight != BEGINNING else ""
    return Group((typed, *found), word.text, correction)


def _other_readings(word: Word, vocabulary: Vocabulary) -> tuple[Alternative, ...]:
    """What a word that no content holds may be: elided article typed together, typing error, two words, beginning."""
    text = word.text
    if word.may_be_mistyped:
        for elided in ELIDED:
            if text.startswith(elided) and vocabulary.frequency(text[len(elided) :]) and len(text) - len(elided) >= 4:
                return (Alternative((text[len(elided) :],), ELISION),)
    if len(text) >= MIN_BEGINNING and (begun := vocabulary.beginning_with(text, MAX_BEGINNINGS)):
        return tuple(Alternative((other,), BEGINNING) for other in begun)
    if word.may_be_mistyped:
        near = vocabulary.near(text, 1 if len(text) < 8 else 2)
        least = min((distance for _other, distance in near), default=0)
        if near and least == 1:
            return tuple(Alternative((other,), NEAR) for other, distance in near if distance == 1)
        if parts := _two_words(text, vocabulary):
            return (Alternative(parts, SPLIT),)
        return tuple(Alternative((other,), FAR) for other, _distance in near)
    return ()


def _two_words(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The two known words that were typed as one, the rarest of both as frequent as can be."""
    cuts = [(text[:cut], text[cut:]) for cut in range(MIN_PART, len(text) - MIN_PART + 1)]
    known = [(min(map(vocabulary.frequency, parts)), parts) for parts in cuts]
    best = max(known, default=(0, None))
    return best[1] if best[0] else None
