"""From a typed text to the pages that answer, on the embedded engine."""

from dataclasses import dataclass

from territoires_en_commun.shared_reads import read_once

from . import ranking
from .embedded.engine import EmbeddedEngine, embedded_engine
from .ranking import Scored
from .text.expansion import Group
from .text.query import Query, parse
from .weights import required

RARE = 3  # documents: a word that fewer hold may be a typing error that somebody published


@dataclass(frozen=True)
class Found:
    """The pages that answer a text. ``is_partial``: none holds enough of its notions, these hold some."""

    text: str
    query: Query
    groups: tuple[Group, ...]
    scored: Scored
    is_partial: bool = False

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """The words that no content holds, each with what it was read as."""
        return [(group.typed, group.correction) for group in self.groups if group.correction]


def ready_engine() -> EmbeddedEngine:
    """The embedded engine, up to date; once for each page that is read."""

    def refreshed() -> EmbeddedEngine:
        engine = embedded_engine()
        engine.refresh()
        return engine

    return read_once("embedded search engine", refreshed)


def read(text: str) -> Found:
    """A text as the engines look for it, before any does."""
    query = parse(text)
    return Found(text, query, ready_engine().groups(query), Scored())


def find(text: str, *, partly: bool = True) -> Found:
    """The pages that answer a text, best first; ``partly``: when none holds enough words, those that hold some."""
    engine, reading = ready_engine(), read(text)
    query, groups = reading.query, reading.groups
    scored = engine.find(query, groups)
    is_partial = partly and not scored.pks and required(len(groups)) > 1
    if is_partial:
        scored = engine.find(query, groups, 1)
    scored = ranking.dated_order(scored, engine.dates())
    return Found(text, query, groups, scored, is_partial and bool(scored.pks))


def suggestion(found: Found) -> str:
    """The text less its typing errors, when rare words are near common ones and the pages then found are some."""
    vocabulary, better = ready_engine().vocabulary, {}
    for word in found.query.words:
        known = vocabulary.frequency(word.text)
        if word.may_be_mistyped and known < RARE:
            near = [other for other, _far in vocabulary.near(word.text, 2) if vocabulary.frequency(other) > known]
            better |= {word.text: near[0]} if near else {}
    if not better:
        return ""
    text = " ".join(better.get(word.text, word.text) for word in found.query.words)
    return text if find(text).scored.pks else ""
