"""The text search that listings need, as a protocol: the room that searches registers its engine."""

import re
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

MAX_QUERY_LENGTH = 200
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’ʼ](?=\w)", re.IGNORECASE)
WORD = re.compile(r"\w+")


class TextSearcher(Protocol):
    """What an engine does for a listing."""

    def rank(self, model: type[Model], text: str) -> list[int]:
        """Primary keys of the objects of ``model`` that answer a text, best first; others may be among them."""


_registered: list[TextSearcher] = []


def register_text_searcher(searcher: TextSearcher) -> None:
    """Make ``searcher`` the engine of every listing; the last one registered wins."""
    _registered[:] = [searcher]


def text_searcher() -> TextSearcher:
    """The engine registered; raises ``ImproperlyConfigured`` when no room registered one."""
    if not _registered:
        raise ImproperlyConfigured("No room registered a text searcher (see base.listing.searching).")
    return _registered[0]


def query_words(text: str) -> list[str]:
    """The words of a typed text, without punctuation, elided articles (l', d', qu') or repetition."""
    words = WORD.findall(ELISION.sub(" ", text).replace("_", " "))
    return list(dict.fromkeys(words))
