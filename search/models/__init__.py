"""Models of the search."""

from .documents import FailedIndexing, SearchBatch, SearchDocument, SearchState

__all__ = ["FailedIndexing", "SearchBatch", "SearchDocument", "SearchState"]
