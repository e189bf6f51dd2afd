"""Models of the search."""

from .documents import SearchBatch, SearchDocument, SearchState

__all__ = ["SearchBatch", "SearchDocument", "SearchState"]
