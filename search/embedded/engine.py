"""The embedded engine: the default one, and what answers when Elasticsearch does not."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import tantivy
from django.conf import settings
from django.utils import timezone

from search import rules
from search.ranking import Dates, Scored
from search.text.expansion import Group, expand
from search.text.query import Query
from search.weights import required

from .compiling import Compiler
from .following import Follower, follow
from .index import EmbeddedIndex, make_schema
from .suggesting import Suggester
from .vocabulary import IndexVocabulary

MAX_HITS = 1_000_000


class EmbeddedEngine:
    """Searches the index of this machine."""

    name = "embarque"

    def __init__(self, folder: Path):
        self._index = EmbeddedIndex(folder)
        self._follower = Follower(self._index)
        self._compiler = Compiler(make_schema())
        self._searcher: tantivy.Searcher | None = None
        self.vocabulary: IndexVocabulary | None = None
        self._state: object = None
        self._dates: Dates | None = None

    def refresh(self) -> None:
        """Read what changed since the last search."""
        self._follower.catch_up()
        index = self._index.index
        if self._state != (state := self._index.state):
            self._state, self._searcher = state, index.searcher()
            self.vocabulary = IndexVocabulary(self._searcher)
            self._dates = None

    def forget(self) -> None:
        """Look again, at the next search, whether the index is that of the database."""
        self._follower.forget()

    def follow(self) -> None:
        """Write what is ready to the index now, however long it takes."""
        follow(self._index)

    def dates(self) -> Dates:
        """What the order knows of the dates of pages today; read once for each state of the index."""
        today = timezone.localdate()
        if self._dates is None or self._dates.today != today:
            self._dates = Dates.read(today)
        return self._dates

    def groups(self, query: Query) -> tuple[Group, ...]:
        """The notions of a query, as the words of the index and the rules of editors make them."""
        return expand(query, self.vocabulary, rules.current())

    def counts(self, query: Query, groups: Sequence[Group], *, enough: int) -> list[int]:
        """How many pages hold enough of the groups, then one less, and so on until there are ``enough`` of them."""
        found = []
        for needed in range(required(len(groups)), 0, -1):
            compiled = self._compiler.compile(query, groups, needed, is_ranked=False)
            found.append(self._searcher.search(compiled, 1).count)
            if found[-1] >= enough:
                break
        return found

    def find(self, query: Query, groups: Sequence[Group], needed: int) -> Scored:
        """Every page that holds ``needed`` of the groups, the best first."""
        found = self._searcher.search(self._compiler.compile(query, groups, needed), MAX_HITS, count=False)
        pks = self._searcher.fast_field_values("pk", [address for _score, address in found.hits])
        return Scored(pks, [score for score, _address in found.hits])

    def suggest(self, text: str, limit: int) -> Scored:
        """The pages whose title or acronym begins as a text in progress, the best first, at most ``limit``."""
        return Suggester(self._compiler.schema, self._searcher, self.vocabulary).suggest(text, limit)


@cache
def embedded_engine() -> EmbeddedEngine:
    """The engine of this process."""
    return EmbeddedEngine(Path(settings.SEARCH_DIR))
