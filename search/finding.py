"""From a typed text to the pages that answer, on the embedded engine."""

from dataclasses import dataclass, field, replace

from territoires_en_commun.shared_reads import read_once

from . import ranking
from .embedded.engine import EmbeddedEngine, embedded_engine
from .ranking import Scored
from .text.expansion import Group
from .text.query import Query, parse
from .weights import ENOUGH, required

RARE = 3  # documents: a word that fewer hold may be a typing error that somebody published


@dataclass(frozen=True)
class Found:
    """The pages that answer a text, which hold ``needed`` of its notions at least.

    ``is_partial``: none holds enough of them, these hold some.
    """

    text: str
    query: Query
    groups: tuple[Group, ...]
    needed: int
    scored: Scored = field(default_factory=Scored)
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


def read(text: str, *, partly: bool = True) -> Found:
    """A text as the engines look for it, before any does.

    How many of its notions a page must hold is chosen on the embedded engine, for both: two words are both required
    if any page has them; a sentence that few pages answer is answered by those that hold less of it. Without
    ``partly``, never fewer than ``weights.required``.
    """
    engine, query = ready_engine(), parse(text)
    groups = engine.groups(query)
    needed = wanted = required(len(groups))
    if partly and wanted > 1:
        counts = engine.counts(query, groups, enough=ENOUGH if len(groups) > 2 else 1)
        needed = wanted - len(counts) + 1
        return Found(text, query, groups, needed, is_partial=not counts[0] and needed < wanted)
    return Found(text, query, groups, needed)


def find(text: str, *, partly: bool = True) -> Found:
    """The pages that answer a text, best first; ``partly`` as in ``read``."""
    engine, found = ready_engine(), read(text, partly=partly)
    scored = ranking.dated_order(engine.find(found.query, found.groups, found.needed), engine.dates())
    return replace(found, scored=scored, is_partial=found.is_partial and bool(scored.pks))


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
