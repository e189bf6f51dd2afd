"""The words of the embedded index, for beginnings of words and corrections."""

from collections import defaultdict
from functools import cached_property

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.text.analysis import stem

from .index import STEMMED

MAX_NEAR = 6
MIN_LENGTH = 4


class IndexVocabulary:
    """The words of one state of the index."""

    def __init__(self, searcher: tantivy.Searcher):
        self._searcher = searcher

    def frequency(self, word: str) -> int:
        """How many documents hold a word or, for want of it, its inflections."""
        typed = self._searcher.doc_freq("words", word)
        return typed or max(self._searcher.doc_freq(field, stem(word)) for field in STEMMED)

    def beginning_with(self, prefix: str, limit: int) -> list[str]:
        return [word for word, _count in self._searcher.terms_with_prefix("words", prefix, limit=limit)]

    @cached_property
    def _by_length(self) -> dict[int, dict[str, int]]:
        """Words without digits and their frequency, by length."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for word, count in self._searcher.terms_with_prefix("words", ""):
            if len(word) >= MIN_LENGTH and word.isalpha():
                found[len(word)][word] = count
        return found

    def near(self, word: str, distance: int) -> list[tuple[str, int]]:
        found = []
        for length in range(len(word) - distance, len(word) + distance + 1):
            known = self._by_length.get(length, {})
            near = process.extract(
                word, known.keys(), scorer=OSA.distance, score_cutoff=distance, limit=MAX_NEAR, processor=None
            )
            found += [(int(far), other[0] != word[0], -known[other], other) for other, far, _rank in near]
        return [(other, far) for far, _initial, _count, other in sorted(found)[:MAX_NEAR]]
