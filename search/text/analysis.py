"""French analysis, the same for what is indexed and what is typed: folding, elision, stop words, stems.

What the mapping of Elasticsearch does with its own filters (see ``search.elastic.mapping``) is done here for the
embedded engine, for queries and for highlights: the two must stay alike, and a test compares them.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
ELIDED = frozenset(["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"])
APOSTROPHES = "'’ʼ‘"
# One word: an acronym with its dots (« C.A.F. »), a run of letters and digits, « prud’hommes », which is typed
# « prudhommes » too; but the article of « l’école » is apart.
WORD = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?![^\W_])"
    r"|(?:(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ‘](?=[^\W_]))|[^\W_]+(?:['’ʼ‘][^\W_]+)*",
    re.IGNORECASE,
)
NOT_LETTERS = re.compile(r"[\W_]+")
MAX_WORD = 60  # characters; what is longer is no word that anybody types
MIN_STEMMED = 4  # letters: shorter words are too often acronyms

STOP_WORDS = frozenset(
    re.split(
        r"\s+",
        "a ai aie ainsi alors apres as au aucun aussi autre autres aux avaient avais avait avant avec avez "
        "avoir avons ayant c car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien "
        "comme comment d dans de des dois doit doivent donc dont du elle elles en es est et etaient etais "
        "etait etant etes etre eu eux faire fait faut furent fut hors ici il ils j je l la le les leur "
        "leurs lors lorsque lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par "
        "parce pas pendant peu peut peuvent peux plus plusieurs pour pourquoi puis puisque qu quand que "
        "quel quelle quelles quels qui quoi s sa sans se sera ses si soi soient sois soit sommes son sont "
        "sous suis sur t ta te tel telle telles tels tes toi ton tous tout toute toutes tu un une unes vers "
        "veut veux vos votre vous y",
    )
)

# What the stemmer leaves apart: « usagers » and « usager », « élus » and « élu », « tuyaux » and « tuyau »…
PLURAL = re.compile(r"(?<=[^\Ws])s$|(?<=^\w[ae]u)x$")
ENDING_IN_AU = re.compile(r"(?<=\w\w[^\We])au$")
# … and what it makes of them: « lieux » and « lieu », « refuser » and « refus ».
ENDING = re.compile(r"(?<=[eo]u)x$|(?<=\w\w\w[aou])s$")

_stemmer = Stemmer.Stemmer("french")


class Token(NamedTuple):
    """A word of a text, folded, and where it is: ``text[start:end]``."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, without accents, ligatures, dots nor apostrophes: « Cœurs » gives « coeurs »."""
    folded = text.lower().translate(LIGATURES)
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded).translate(LIGATURES)
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    return NOT_LETTERS.sub("", folded)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, less elided articles (l', qu')."""
    for found in WORD.finditer(text):
        if found[0][-1] not in APOSTROPHES:
            yield Token(fold(found[0])[:MAX_WORD], found.start(), found.end())


def words(text: str) -> list[str]:
    """The folded words of a text, stop words included."""
    return [token.word for token in tokens(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What the inflections of a folded word share; codes, numbers and short words are their own stem."""
    if len(word) < MIN_STEMMED or not word.isalpha():
        return word
    singular = PLURAL.sub("", word)
    if len(singular) < MIN_STEMMED:
        return singular
    return ENDING.sub("", _stemmer.stemWord(ENDING_IN_AU.sub("al", singular)))


def is_stop_word(word: str) -> bool:
    """Whether a folded word says nothing of what is looked for."""
    return word in STOP_WORDS


def stems(text: str) -> list[str]:
    """What a text is indexed by: the stems of its words, stop words left out, in order."""
    return [stem(token.word) for token in tokens(text) if token.word not in STOP_WORDS]


def content_words(text: str) -> list[str]:
    """The words that a query is made of: all but stop words, or all when there is nothing else."""
    every = words(text)
    return [word for word in every if word not in STOP_WORDS] or every
