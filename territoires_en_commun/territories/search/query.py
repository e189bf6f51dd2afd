"""Reading of what people type: the readings of a query, from the most literal to the most interpreted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .normalise import LINKS, compact, fold_ordinals, strip_accents, tokenise

COMMUNE = frozenset({"commune"})
INTERCOMMUNAL = frozenset({"epci", "ept"})
# What people write before (or after) the name of a place to say which institution they mean.
COMMUNE_WORDS = "mairie|commune|ville|municipalite|hotel de ville|village|centre ville"
INTERCOMMUNAL_WORDS = (
    "communaute(?: d)? agglo|communaute de communes?|communaute urbaine|communaute|com (?:de )?com|comcom|codecom|cdc|"
    "com d agglo|cc|ca|cu|agglo|interco|intercommunalite|metropole|eurometropole|epci|"
    "ept|etablissement public territorial"
)
KINDS = (
    (COMMUNE, COMMUNE_WORDS),
    (INTERCOMMUNAL, INTERCOMMUNAL_WORDS),
    (frozenset({"departement"}), "departement|dept|dpt|dep|conseil departemental|conseil general|cd|prefecture"),
    (frozenset({"region"}), "region|conseil regional|cr"),
    (frozenset({"arrondissement"}), "arrondissement"),
)
LEADING = [
    (kinds, re.compile(rf"^(?:la |le |l )?(?:{words}) (?P<link>de la |de l |du |des |de |d )?(?P<rest>.+)$"))
    for kinds, words in KINDS
]
TRAILING = re.compile(r"^(?P<rest>.+?) (?:metropole|agglo|interco|communaute(?: d agglo| urbaine| de communes)?)$")
GLUED = re.compile(r"^(?:cd|dept|dpt|dep)(?P<code>\d{2,3}|2[ab])$")
LINK_ARTICLES = {"du ": ["le"], "des ": ["les"], "de la ": ["la"], "de l ": ["l"]}
CEDEX = re.compile(r"\bcedex\b(?:\s*\d{1,2}\b)?")
DIGITS = re.compile(r"^[0-9\s]+$")
CODE = re.compile(r"^(?:\d{1,5}|2[ab]\d{0,3}|\d{9}|\d{14})$", re.ASCII)
POSTAL = re.compile(r"^[0-9]{5}$")
CITY_RANK = re.compile(r"^(?P<city>[a-z ]+?) ?(?P<rank>\d{1,2})(?: (?:arrondissement|arr|ardt|arrt))?$")
RANK_CITY = re.compile(r"^(?P<rank>\d{1,2}) ?(?:arrondissement|arr|ardt|arrt) (?:de |d )?(?P<city>[a-z ]+)$")
MAX_HINT_WORDS = 5


class Reading(NamedTuple):
    """One way of understanding a query; ``cost`` is what the interpretation costs before any match."""

    tokens: list[str]
    kinds: frozenset[str] = frozenset()
    departements: frozenset[str] | None = None
    postal_code: str = ""
    cost: float = 0.0


def as_code(text: str) -> str:
    """The query as an official or postal code, or an empty string when it isn't one."""
    folded = strip_accents(text).strip()
    joined = re.sub(r"[\s.\u00a0-]", "", folded) if DIGITS.match(re.sub(r"[.\u00a0-]", " ", folded)) else folded
    return joined if CODE.match(joined) else ""


def as_numbered_city(text: str) -> tuple[str, str, bool] | None:
    """City, number and « said as a rank » of « Paris 12e », « 12ème arrondissement de Paris » or « lyon 3 »."""
    folded = " ".join(re.split(r"[^a-z0-9]+", fold_ordinals(text))).strip()
    found = CITY_RANK.match(folded) or RANK_CITY.match(folded)
    if not found:
        return None
    said = folded != " ".join(re.split(r"[^a-z0-9]+", strip_accents(text))).strip() or "arr" in folded.split()[-1]
    return compact(found["city"].split()), str(int(found["rank"])), said or folded[0].isdigit()


def readings(text: str, areas: dict[str, frozenset[str]]) -> list[Reading]:
    """The readings of a text, the literal one first; ``areas`` gives the départements meant by a hint."""
    folded = CEDEX.sub(" ", strip_accents(text))
    tokens = tokenise(folded)
    if not tokens:
        return []
    found = [Reading(tokens)]
    found += _institutions(tokens)
    hinted = [hint for reading in found for hint in _hints(reading, areas)]
    return found + hinted


def _institutions(tokens: list[str]) -> Iterator[Reading]:
    sentence = " ".join(tokens)
    if len(tokens) == 1 and (glued := GLUED.match(sentence)):
        yield Reading([glued["code"]], frozenset({"departement"}))
    for kinds, pattern in LEADING:
        if match := pattern.match(sentence):
            rest = match["rest"].split()
            article = LINK_ARTICLES.get(match["link"] or "", [])
            yield Reading([*article, *rest], kinds)
    if match := TRAILING.match(sentence):
        yield Reading(match["rest"].split(), INTERCOMMUNAL, cost=0.1)


def _hints(reading: Reading, areas: dict[str, frozenset[str]]) -> Iterator[Reading]:
    """The reading less a département, region or postal code said before or after the name."""
    tokens, count = reading.tokens, len(reading.tokens)
    for size in range(min(MAX_HINT_WORDS, count - 1), 0, -1):
        for hint, rest in ((tokens[-size:], _trimmed(tokens[:-size])), (tokens[:size], tokens[size:])):
            if not rest:
                continue
            word = compact(hint)
            if size == 1 and POSTAL.match(word):
                yield reading._replace(tokens=rest, postal_code=word, cost=reading.cost + 0.1)
            elif codes := _area(hint, areas):
                yield reading._replace(tokens=rest, departements=codes, cost=reading.cost + 0.2)


def _area(hint: list[str], areas: dict[str, frozenset[str]]) -> frozenset[str] | None:
    words = hint
    while words and (words[0] in LINKS or words[0] in ("departement", "dept", "dpt", "dep", "region")):
        codes = areas.get(compact(words))
        if codes:
            return codes
        words = words[1:]
    return areas.get(compact(words)) if words else None


def _trimmed(tokens: list[str]) -> list[str]:
    end = len(tokens)
    while end > 1 and tokens[end - 1] in ("dans", "en", "la", "le", "l", "les", "du", "de", "d", "des", "departement"):
        end -= 1
    return tokens[:end]
