"""The models of the search."""

from .files.models import FileText

__all__ = ["FileText"]
