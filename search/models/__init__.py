"""Models of the search."""

from search.files.models import FileText

from .documents import FailedIndexing, SearchBatch, SearchDocument, SearchState
from .log import SearchClick, SearchLogEntry
from .pins import PinnedResult
from .relevance import RelevanceCase
from .rules import Acronym, SearchSynonym

__all__ = [
    "Acronym",
    "FailedIndexing",
    "FileText",
    "PinnedResult",
    "RelevanceCase",
    "SearchBatch",
    "SearchClick",
    "SearchDocument",
    "SearchLogEntry",
    "SearchState",
    "SearchSynonym",
]
