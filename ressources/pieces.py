"""The pieces of a kit as visitors see them: numbered, named, each with its anchor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from territoires_en_commun.base.documents import document_detail

from .kit_files import KitFile, is_pdf, title_of, with_version

KINDS = {"file": "Fichier", "link": "Lien", "video": "Vidéo", "text": ""}


@dataclass(frozen=True)
class FileLink:
    """A file to download, with what its link must say of it (RGAA 13.3)."""

    label: str
    url: str
    detail: str
    language: str
    is_pdf: bool


@dataclass(frozen=True)
class Piece:
    """A piece: its kind (« Étape 2 », « Fichier », or nothing), its title, its anchor in the page.

    ``files`` are those that visitors may have: a file, then its accessible version.
    """

    kind: str
    title: str
    anchor: str = ""
    files: tuple[FileLink, ...] = ()

    @property
    def name(self) -> str:
        """« Étape 2 : Réunir les habitants »."""
        return f"{self.kind}\u00a0: {self.title}" if self.kind else self.title

    @property
    def lacks_version(self) -> bool:
        """Whether the file is a PDF without an accessible version."""
        return len(self.files) == 1 and self.files[0].is_pdf


def piece_of(
    name: str, value: Any, *, step: int = 0, anchor: str = "", files: Iterable[FileLink] | None = None
) -> Piece:
    """A piece from its block; ``step`` is its rank among the steps, ``files`` are those of the block by default."""
    title = title_of(name, value)
    kind = f"Étape {step or ''}".strip() if name == "step" else KINDS[name]
    if files is None:
        document = value.get("document") if name == "file" else None
        files = [file_link(file, file.document.url) for file in with_version(0, title, document)] if document else ()
    return Piece(kind, title, anchor, tuple(files))


def file_link(file: KitFile, url: str) -> FileLink:
    """« Télécharger « Modèle de délibération » », « PDF, 1,2 Mo, français »."""
    verb = "Version accessible de" if file.is_version else "Télécharger"
    label = f"{verb} «\u00a0{file.title}\u00a0»"
    document = file.document
    return FileLink(label, url, document_detail(document), document.language, is_pdf(document))
