"""The files of a kit that visitors may have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import CollectionViewRestriction

from territoires_en_commun.base.models import CustomDocument

if TYPE_CHECKING:
    from .models import KitPage

UNTITLED = "Sans titre"


@dataclass(frozen=True)
class KitFile:
    """A file of the piece of rank ``rank`` (from 1), or the accessible version of that file."""

    rank: int
    title: str
    document: CustomDocument
    is_version: bool = False


def title_of(name: str, value: Any) -> str:
    """The title of a piece from its block, whatever its name."""
    if name == "file":
        document = value.get("document")
        return value.get("title") or (document.title if document else "") or UNTITLED
    return value.get("label" if name == "link" else "title") or UNTITLED


def with_version(rank: int, title: str, document: CustomDocument) -> Iterator[KitFile]:
    """A file, then its accessible version."""
    yield KitFile(rank, title, document)
    if document.accessible_version:
        yield KitFile(rank, title, document.accessible_version, is_version=True)


def kit_files(kit: "KitPage") -> list[KitFile]:
    """The files of the pieces, in order; those that were deleted or that are private are left out."""
    files = [
        file
        for rank, child in enumerate(kit.pieces, start=1)
        if child.block_type == "file" and (document := child.value.get("document"))
        for file in with_version(rank, title_of("file", child.value), document)
    ]
    if not files:
        return []
    private = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    return [file for file in files if not file.document.collection.path.startswith(private)]


def is_stored(document: CustomDocument) -> bool:
    """Whether the file itself is where the library keeps it."""
    return bool(document.file) and document.file.storage.exists(document.file.name)


def is_pdf(document: CustomDocument) -> bool:
    return document.file_extension.lower() == "pdf"
