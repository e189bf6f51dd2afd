"""A corpus of documents loaded as pages by the command ``load_corpus``, to try the search on many texts."""

from .loading import (
    Outcome,
    SectionRefused,
    borne_elsewhere,
    delete_documents,
    find_section,
    load_documents,
    open_section,
)
from .reading import Corpus, Document, Refusal, read_corpus

__all__ = [
    "Corpus",
    "Document",
    "Outcome",
    "Refusal",
    "SectionRefused",
    "borne_elsewhere",
    "delete_documents",
    "find_section",
    "load_documents",
    "open_section",
    "read_corpus",
]
