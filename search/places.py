"""A place in a query (« kit mobilité à Guéret », « 23000 ») read as a filter, so that what concerns it is found."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from territoires_en_commun.territories.models import Territory
from territoires_en_commun.territories.search import search_territories

from .text.analysis import words

# A name after one of these words is that of a place; else it may be any word, and stays one.
LINK = re.compile(
    r"(?<!\S)(?:à|a|au|aux|en|dans(?:\s+(?:le|la|les|l['’]))?|près\s+de|autour\s+de|pour)\s+(?P<name>[^\d\W].*)$",
    re.IGNORECASE,
)
CODE = re.compile(r"(?<![\w.,])(?P<code>\d{5}|2[ABab]\d{3})(?![\w])")
MIN_NAME = 3  # letters
MAX_WORDS = 6


class NamedPlace(NamedTuple):
    """The text less the place that it names, and the place."""

    rest: str
    place: Territory


def named_place(text: str) -> NamedPlace | None:
    """The one place that a text names by its code, or after a preposition; None when it names none for sure."""
    if found := CODE.search(text):
        return _resolved(found["code"], f"{text[: found.start()]} {text[found.end() :]}")
    for found in _links(text):
        name = found["name"].strip(" .,;!?")
        is_short = len(name) >= MIN_NAME and len(words(name)) <= MAX_WORDS and words(text[: found.start()])
        if is_short and (place := _resolved(name, text[: found.start()])):
            return place
    return None


def _links(text: str) -> Iterator[re.Match[str]]:
    """Each place of the text where the rest may be a name, the longest name first."""
    start = 0
    while found := LINK.search(text, start):
        yield found
        start = found.start("name")


def _resolved(name: str, rest: str) -> NamedPlace | None:
    """The only territory of this name or code."""
    exact = [hit for hit in search_territories(name, limit=3, approximate=False) if hit.exact]
    if len(exact) != 1:
        return None
    place = Territory.objects.filter(type=exact[0].type, code=exact[0].code).first()
    return NamedPlace(" ".join(rest.split()), place) if place else None
