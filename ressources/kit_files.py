"""The files of a kit that visitors may have."""

from collections.abc import Iterator, Sequence
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

    @property
    def name(self) -> str:
        """« Règlement (version accessible) »."""
        return f"{self.title} (version accessible)" if self.is_version else self.title


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


def announced_files(kit: "KitPage") -> Iterator[KitFile]:
    """The files of the pieces, in order, whoever may have them; those deleted since are left out."""
    for rank, child in enumerate(kit.pieces, start=1):
        if child.block_type == "file" and (document := child.value.get("document")):
            yield from with_version(rank, title_of("file", child.value), document)


def kit_files(kit: "KitPage") -> list[KitFile]:
    """The files of the pieces, in order; those that were deleted or that are private are left out."""
    files = list(announced_files(kit))
    private = private_paths() if files else ()
    return [file for file in files if not is_private(file.document, private)]


def absent_files(kit: "KitPage", files: Sequence[KitFile]) -> list[str]:
    """The names of what the kit announces and that is not among these files, those deleted since included."""
    deleted = [
        title_of("file", child.value)
        for child in kit.pieces
        if child.block_type == "file" and child.value.get("document") is None
    ]
    return [file.name for file in announced_files(kit) if file not in files] + deleted


def private_paths() -> tuple[str, ...]:
    """The collections that not every visitor may see: those inside are private too."""
    return tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))


def is_private(document: CustomDocument, private: tuple[str, ...]) -> bool:
    """Whether a document is in one of these collections."""
    return document.collection.path.startswith(private)


def is_stored(document: CustomDocument) -> bool:
    """Whether the file itself is where the library keeps it."""
    return bool(document.file) and document.file.storage.exists(document.file.name)


def is_pdf(document: CustomDocument) -> bool:
    return document.file_extension.lower() == "pdf"
