"""Models of the search."""

from .documents import SearchBatch, SearchDocument, SearchState
from .log import SearchClick, SearchLogEntry
from .pins import PinnedResult
from .relevance import RelevanceCase
from .rules import Acronym, SearchSynonym

__all__ = [
    "Acronym",
    "PinnedResult",
    "RelevanceCase",
    "SearchBatch",
    "SearchClick",
    "SearchDocument",
    "SearchLogEntry",
    "SearchState",
    "SearchSynonym",
]
