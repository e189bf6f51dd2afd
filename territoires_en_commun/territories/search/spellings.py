"""The spellings under which a territory can be found, each with what it costs against its exact name."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .normalise import ARTICLES, LINKS, ROMANS, compact, skeleton, tokenise, without_article

# Costs are in powers of ten of population: a spelling that costs 1 ranks as an exact name ten times less populated.
EXACT, ARTICLE, LINKED, SHORT, CORE, FORMER = 0.0, 0.3, 0.8, 1.3, 2.0, 1.5

PARENTHESIS = re.compile(r"\(([^)]*)\)")
NUMBERED = re.compile(r"^(?P<city>[\w-]+) (?P<rank>\d{1,2})(?:er|e|ème)? arrondissement$", re.IGNORECASE)
# What an EPCI's name says of its kind rather than of its place.
GENERIC = frozenset(
    re.split(
        r"\s+",
        "cc ca cu cdc metropole eurometropole europeenne agglo communaute communautes commune communes urbaine urbain "
        "intercommunale intercommunal intercommunalite territoire territoires pays grand",
    )
)
CATEGORY_WORDS = {"CC": ["cc"], "CA": ["ca"], "CU": ["cu"], "METRO": ["metropole"], "MET69": ["metropole"]}


class Spelling(NamedTuple):
    """One way of writing a name, as folded words, and its cost."""

    tokens: list[str]
    cost: float


def spellings(type_: str, name: str, category: str = "") -> Iterator[Spelling]:
    """The spellings of a territory's name, the exact one first."""
    tokens = tokenise(PARENTHESIS.sub(" ", name) if "(" in name else name)
    if type_ == "arrondissement":
        yield from _of_arrondissement(name, tokens)
    elif type_ in ("epci", "ept"):
        yield from _of_intercommunality(name, tokens, category)
    else:
        if "(" in name:
            yield Spelling(tokenise(name), EXACT)
            yield Spelling(tokens, ARTICLE)
        yield from variants(tokens)


def variants(tokens: list[str], cost: float = EXACT) -> Iterator[Spelling]:
    """A name as it is, less its article, less its linking words."""
    yield Spelling(tokens, cost)
    bare = without_article(tokens)
    if len(bare) < len(tokens):
        yield Spelling(bare, cost + ARTICLE)
    bones = skeleton(tokens)
    if len(bones) < len(bare):
        yield Spelling(bones, cost + LINKED)


def _of_arrondissement(name: str, tokens: list[str]) -> Iterator[Spelling]:
    yield Spelling(tokens, EXACT)
    if match := NUMBERED.match(name):
        city, rank = tokenise(match["city"]), match["rank"]
        yield Spelling([*city, rank], EXACT)
        yield Spelling([*city, rank, "arrondissement"], EXACT)
        yield Spelling([rank, "arrondissement", *city], EXACT)
        yield Spelling([rank, *city], LINKED)
        yield from (Spelling([*city, roman], LINKED) for roman, value in ROMANS.items() if value == int(rank))


def _of_intercommunality(name: str, tokens: list[str], category: str) -> Iterator[Spelling]:
    yield Spelling(tokens, EXACT)
    rest = tokens[1:] if len(tokens) > 1 and tokens[0] in ("cc", "ca", "cu") else tokens
    plain = _less_leading_links(rest)
    prefix = CATEGORY_WORDS.get(category, [])
    if plain != tokens:
        yield Spelling(plain, SHORT)
    if prefix and tokens[0] != prefix[0]:
        yield Spelling([*prefix, *plain], ARTICLE)
    bones = skeleton(plain)
    if len(bones) < len(plain):
        yield Spelling(bones, LINKED)
    core = core_tokens(plain)
    if core and core != bones:
        yield Spelling(core, CORE)
    for inner in PARENTHESIS.findall(name):
        yield Spelling(tokenise(inner), ARTICLE)
    if plain and plain[0].isalpha() and "(" in name and len(plain) > 3 and tokenise(name)[0] == plain[0]:
        yield Spelling(plain[:1], SHORT)


def _less_leading_links(tokens: list[str]) -> list[str]:
    start = 0
    while start < len(tokens) - 1 and tokens[start] in LINKS - ARTICLES:
        start += 1
    return tokens[start:] or tokens


def core_tokens(tokens: list[str]) -> list[str]:
    """The words of an EPCI's name that say its place: « Pays de Laon » gives « laon »."""
    return [token for token in tokens if token not in GENERIC and token not in LINKS]


def compact_forms(found: Iterator[Spelling]) -> dict[str, float]:
    """The joined form of each spelling with its least cost."""
    forms: dict[str, float] = {}
    for spelling in found:
        form = compact(spelling.tokens)
        if form and (form not in forms or spelling.cost < forms[form]):
            forms[form] = spelling.cost
    return forms
