"""Pages whose title or acronym begins as somebody is typing, on the embedded index."""

from collections.abc import Iterable

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Occur
from tantivy import Query as Tantivy

from search.ranking import Scored
from search.text.analysis import STOP_WORDS, stem, words
from search.text.query import parse

from .vocabulary import IndexVocabulary

MAX_TYPED = 8  # words
MAX_NEAR = 6
SURE = 2  # letters at the beginning of a word that are taken as they are typed
LONG = 8  # letters from which a word may have two errors
# What is added to a title that is the text, to an acronym and to a title that begin so, to a whole word.
WHOLE, ACRONYM, BEGINS, SAME_WORD = 60.0, 30.0, 20.0, 2.0
INFLECTED = 0.8


def typed_words(text: str) -> list[str]:
    """The folded words of a text, the last of which may be unfinished."""
    return words(text)[:MAX_TYPED]


def allowed_errors(word: str) -> int:
    """How many typing errors a word may have: letters missing, added, changed or exchanged."""
    return 1 if len(word) < LONG else 2


class Suggester:
    """Completes what is typed, on one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, vocabulary: IndexVocabulary):
        self._schema = schema
        self._searcher = searcher
        self._vocabulary = vocabulary

    def suggest(self, text: str, limit: int) -> Scored:
        """The pages that begin so, the best first; when there are none, those that words near to it begin."""
        typed = typed_words(text)
        if not typed:
            return Scored()
        found = self._found(self._query([[word] for word in typed]), limit)
        if found.pks:
            return found
        mistyped = {word.text for word in parse(text).words if word.may_be_mistyped}
        readings = [self._readings(word, mistyped, is_last=word is typed[-1]) for word in typed]
        return self._found(self._query(readings), limit) if readings != [[word] for word in typed] else found

    def _found(self, query: Tantivy, limit: int) -> Scored:
        found = self._searcher.search(query, limit, count=False)
        pks = self._searcher.fast_field_values("pk", [address for _score, address in found.hits])
        return Scored(pks, [score for score, _address in found.hits])

    def _query(self, readings: list[list[str]]) -> Tantivy:
        """Titles that hold a reading of each word, in any order; those that begin with the first ones come first."""
        *whole, last = readings
        told = [choices for choices in whole if choices[0] not in STOP_WORDS]
        must = [(Occur.Must, self._any(map(self._word, choices))) for choices in told]
        must.append((Occur.Must, self._any(map(self._beginning, last))))
        text = " ".join(choices[0] for choices in readings)
        title = Tantivy.const_score_query(self._begun("whole", text), BEGINS)
        same = Tantivy.const_score_query(self._term("whole", text), WHOLE)
        return Tantivy.boolean_query([*must, (Occur.Should, title), (Occur.Should, same)])

    def _any(self, queries: Iterable[Tantivy]) -> Tantivy:
        return Tantivy.disjunction_max_query(list(queries))

    def _term(self, field: str, text: str) -> Tantivy:
        return Tantivy.term_query(self._schema, field, text, "freq")

    def _begun(self, field: str, text: str) -> Tantivy:
        return Tantivy.regex_query(
            self._schema, field, f"{text}.*"
        )  # folded words hold nothing but letters and digits

    def _word(self, word: str) -> Tantivy:
        """A finished word, or another form of it, in a title; or the acronym."""
        inflected = Tantivy.boost_query(self._term("title", stem(word)), INFLECTED)
        return self._any([self._term("exact", word), inflected, self._term("acronym", word)])

    def _beginning(self, word: str) -> Tantivy:
        """The last word: the beginning of one of a title or of the acronym; or a whole one, in any form."""
        same = Tantivy.boost_query(self._term("exact", word), SAME_WORD)
        acronym = Tantivy.const_score_query(self._begun("acronym", word), ACRONYM)
        return self._any([self._begun("exact", word), same, self._term("title", stem(word)), acronym])

    def _readings(self, word: str, mistyped: set[str], *, is_last: bool) -> list[str]:
        """A word as it is typed or, when no title holds it and it may be mistyped, the words that are near."""
        if word not in mistyped or self._is_in_titles(word) or (is_last and self._begins_in_titles(word)):
            return [word]
        distance = allowed_errors(word)
        near = [other for other, _far in self._vocabulary.near(word, distance) if self._is_in_titles(other)]
        near += self._beginnings_near(word, distance) if is_last else []
        return list(dict.fromkeys(near)) or [word]

    def _is_in_titles(self, word: str) -> bool:
        return bool(self._searcher.doc_freq("exact", word) or self._searcher.doc_freq("title", stem(word)))

    def _begins_in_titles(self, word: str) -> bool:
        return bool(self._searcher.terms_with_prefix("exact", word, limit=1))

    def _beginnings_near(self, word: str, distance: int) -> list[str]:
        """Beginnings of the words of titles that are near to a word in progress, the nearest first."""
        known = self._searcher.terms_with_prefix("exact", word[:SURE])
        sizes = range(len(word) - 1, len(word) + 2)
        starts = dict.fromkeys(other[:size] for other, _count in known for size in sizes if len(other) >= size)
        near = process.extract(
            word, list(starts), scorer=OSA.distance, score_cutoff=distance, limit=MAX_NEAR, processor=None
        )
        return [start for start, _distance, _rank in near]
