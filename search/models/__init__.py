"""Models of the search."""

from search.files.models import FileText

from .documents import FailedIndexing, SearchBatch, SearchDocument, SearchState

__all__ = ["FailedIndexing", "FileText", "SearchBatch", "SearchDocument", "SearchState"]
