"""A place in a query (« kit mobilité à Guéret », « 23096 ») read as a filter, so that what concerns it is found."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from territoires_en_commun.territories.models import Territory
from territoires_en_commun.territories.search import TerritoryHit, search_territories

from .text.analysis import words

# A name after one of these words is that of a place; else it may be any word, and stays one.
LINK = re.compile(
    r"(?<!\S)(?:à|a|au|aux|en|dans(?:\s+(?:le|la|les|l['’]))?|près\s+de|autour\s+de|pour)\s+(?P<name>[^\d\W].*)$",
    re.IGNORECASE,
)
CODE = re.compile(r"(?<![\w.,])(?P<code>\d{5}|2[ABab]\d{3})(?![\w])")
MIN_NAME = 3  # letters
MAX_WORDS = 6
MAX_SHARED = 5  # territories told of a postal code that several share


class NamedPlace(NamedTuple):
    """The text less the place that it names, and the place."""

    rest: str
    place: Territory


def named_place(text: str) -> NamedPlace | None:
    """The one place that a text names by its code, or after a preposition; None when it names none for sure."""
    if found := CODE.search(text):
        return _only(_bearers(found["code"]), _without(text, found))
    for found in _links(text):
        name = found["name"].strip(" .,;!?")
        is_short = len(name) >= MIN_NAME and len(words(name)) <= MAX_WORDS and words(text[: found.start()])
        if is_short and (named := _only(_bearers(name), text[: found.start()])):
            return named
    return None


def places_of_code(text: str) -> list[NamedPlace]:
    """The places whose INSEE or postal code is in a text, the most populated first, ``MAX_SHARED`` at most."""
    found = CODE.search(text)
    places = [_named(hit, _without(text, found)) for hit in _bearers(found["code"])] if found else []
    return [place for place in places if place]


def _links(text: str) -> Iterator[re.Match[str]]:
    """Each place of the text where the rest may be a name, the longest name first."""
    start = 0
    while found := LINK.search(text, start):
        yield found
        start = found.start("name")


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _bearers(name: str) -> list[TerritoryHit]:
    """The territories of this name or code."""
    return [hit for hit in search_territories(name, limit=MAX_SHARED, approximate=False) if hit.exact]


def _only(hits: list[TerritoryHit], rest: str) -> NamedPlace | None:
    return _named(hits[0], rest) if len(hits) == 1 else None


def _named(hit: TerritoryHit, rest: str) -> NamedPlace | None:
    place = Territory.objects.filter(type=hit.type, code=hit.code).first()
    return NamedPlace(" ".join(rest.split()), place) if place else None
