"""A typed text as a search: words, "phrases", -exclusions, identifiers. Nothing that is typed is an error."""

import re
from dataclasses import dataclass

from .analysis import content_words, fold, stem, words

# Between straight, curly or French quotes; a quote left alone is punctuation.
PHRASE = re.compile(r"(?P<minus>(?<!\S)[-−])?(?:\"(?P<a>[^\"]*)\"|“(?P<b>[^”]*)”|«\s*(?P<c>[^»]*)»)")
EXCLUDED = re.compile(r"(?<!\S)[-−](?=\w)(?P<word>\S+)")
# SIREN, SIRET, and RNA of associations, with or without spaces.
NUMBER = re.compile(r"(?<![\w.])\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3}(?:[ .\u00a0\u202f]?\d{5})?(?![\w])")
RNA = re.compile(r"\bW\d{9}\b", re.IGNORECASE)
ACRONYM = re.compile(r"[A-ZÀ-Þ0-9]{2,8}")
MAX_WORDS = 32


@dataclass(frozen=True)
class Word:
    """A word that is looked for, folded; an acronym is never taken for a typing error."""

    text: str
    is_acronym: bool = False

    @property
    def stem(self) -> str:
        return stem(self.text)

    @property
    def may_be_mistyped(self) -> bool:
        """Five letters at least, no digit, no acronym."""
        return len(self.text) >= 5 and self.text.isalpha() and not self.is_acronym


@dataclass(frozen=True)
class Query:
    """What is looked for. ``phrases`` and ``excluded`` are folded words in order; ``identifiers`` are digits."""

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    identifiers: tuple[str, ...] = ()
    title: str = ""  # the whole text as folded words, which may be that of a title

    @property
    def is_empty(self) -> bool:
        """Nothing to find pages by."""
        return not (self.words or self.phrases or self.identifiers)


def parse(text: str) -> Query:
    """The search that a text asks for; what is beyond 32 words is left aside."""
    phrases, excluded = [], []

    def take_phrase(found: re.Match[str]) -> str:
        inside = tuple(words(found["a"] or found["b"] or found["c"] or ""))
        if inside:
            (excluded if found["minus"] else phrases).append(inside)
        return " "

    def take_excluded(found: re.Match[str]) -> str:
        excluded.append(tuple(words(found["word"])))
        return " "

    identifiers = []

    def take_identifier(found: re.Match[str]) -> str:
        identifiers.append(re.sub(r"\D", "", found[0]) if found[0][:1].isdigit() else fold(found[0]))
        return " "

    rest = PHRASE.sub(take_phrase, text)
    rest = EXCLUDED.sub(take_excluded, rest)
    rest = RNA.sub(take_identifier, NUMBER.sub(take_identifier, rest))
    acronyms = {fold(found) for found in ACRONYM.findall(rest)} if rest != rest.upper() else set()
    kept = dict.fromkeys(content_words(rest))
    return Query(
        words=tuple(Word(word, word in acronyms) for word in list(kept)[:MAX_WORDS]),
        phrases=tuple(phrases[:MAX_WORDS]),
        excluded=tuple(phrase for phrase in excluded[:MAX_WORDS] if phrase),
        identifiers=tuple(identifiers[:MAX_WORDS]),
        title=" ".join(words(text)[:MAX_WORDS]),
    )
