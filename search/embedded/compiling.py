"""A query for tantivy."""

from collections.abc import Sequence
from itertools import pairwise

import tantivy
from tantivy import Occur
from tantivy import Query as Tantivy

from search import weights
from search.text.analysis import STOP_WORDS, fold, stem
from search.text.expansion import Alternative, Group
from search.text.query import Query

Clause = tuple[Occur, Tantivy]


class Compiler:
    """Makes the queries of one schema."""

    def __init__(self, schema: tantivy.Schema):
        self.schema = schema

    def compile(self, query: Query, groups: Sequence[Group], needed: int, *, is_ranked: bool = True) -> Tantivy:
        """Documents that hold ``needed`` of the groups, every phrase, no excluded word; best ones first if ranked."""
        whole = [self._whole(text) for text in (*query.identifiers, query.title) if text]
        must: list[Clause] = [(Occur.Must, self._phrase(phrase)) for phrase in query.phrases]
        if groups:
            notions = [(Occur.Should, self._group(group)) for group in groups]
            must.append((Occur.Must, Tantivy.boolean_query(notions, needed)))
        if not must:
            must = [(Occur.Must, self._any(whole) if query.identifiers else Tantivy.all_query())]
        should = [(Occur.Should, found) for found in (*whole, *self._neighbours(groups))] if is_ranked else []
        excluded = [(Occur.MustNot, self._phrase(phrase)) for phrase in query.excluded]
        return Tantivy.boolean_query([*must, *should, *excluded])

    def _any(self, queries: list[Tantivy]) -> Tantivy:
        return Tantivy.boolean_query([(Occur.Should, query) for query in queries])

    def _whole(self, text: str) -> Tantivy:
        return Tantivy.const_score_query(self._term("whole", text), weights.WHOLE)

    def _term(self, field: str, text: str) -> Tantivy:
        return Tantivy.term_query(self.schema, field, text, "freq")

    def _group(self, group: Group) -> Tantivy:
        found = [self._alternative(alternative) for alternative in group.alternatives]
        return found[0] if len(found) == 1 else Tantivy.disjunction_max_query(found)

    def _alternative(self, alternative: Alternative) -> Tantivy:
        found = [self._word(word) for word in alternative.words]
        joined = found[0] if len(found) == 1 else Tantivy.boolean_query([(Occur.Must, word) for word in found])
        return joined if alternative.weight == 1 else Tantivy.boost_query(joined, alternative.weight)

    def _word(self, word: str) -> Tantivy:
        if word in STOP_WORDS:
            return self._term("exact", word)
        found = [
            Tantivy.boost_query(self._term(field, stem(word)), weight) for field, weight in weights.FIELDS.items()
        ]
        found.append(Tantivy.boost_query(self._term("acronym", word), weights.ACRONYM))
        return Tantivy.disjunction_max_query(found, weights.TIE)

    def _phrase(self, phrase: tuple[str, ...]) -> Tantivy:
        """Words that follow each other in one text."""
        stems = [stem(word) for word in phrase if word not in STOP_WORDS]
        if not stems:
            return self._in_order("exact", [fold(word) for word in phrase], 0)
        found = [
            Tantivy.boost_query(self._in_order(field, stems, 0), weight) for field, weight in weights.FIELDS.items()
        ]
        return Tantivy.disjunction_max_query(found, weights.TIE)

    def _in_order(self, field: str, words: list[str], slop: int) -> Tantivy:
        if len(words) == 1:
            return self._term(field, words[0])
        return Tantivy.phrase_query(self.schema, field, words, slop)

    def _neighbours(self, groups: Sequence[Group]) -> list[Tantivy]:
        """What adds to pages where words of the query follow each other as they were typed."""
        typed = [stem for group in groups for stem in group.meant.stems]
        whole = [self._in_order("title", typed, weights.SLOP)] if len(typed) > 1 else []
        pairs = [
            Tantivy.disjunction_max_query(
                [
                    Tantivy.boost_query(self._in_order(field, list(pair), weights.SLOP), weights.NEIGHBOURS)
                    for field in weights.NEIGHBOUR_FIELDS
                ],
                weights.TIE,
            )
            for pair in pairwise(typed)
            if pair[0] != pair[1]
        ]
        return [*(Tantivy.boost_query(found, weights.IN_TITLE) for found in whole), *pairs]
