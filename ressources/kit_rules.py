"""What a kit needs to be published, and what its editors are told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from territoires_en_commun.base.publication import Gap

from .kit_files import is_private, is_stored, private_paths, title_of

if TYPE_CHECKING:
    from territoires_en_commun.base.models import CustomDocument

    from .models import KitPage

MISSING_KIND = "Choisissez la nature de la ressource : kit, outil, guide…"
MISSING_VERSION = "Indiquez la version de la ressource, par exemple « 1.0 »."
MISSING_PIECES = "Ajoutez au moins une pièce : étape, fichier, lien, vidéo ou texte."
MISSING_DOCUMENT = "choisissez son fichier, qui manque"
LOST_FILE = "son fichier n’est plus sur le serveur, téléversez-le de nouveau"
PRIVATE_FILE = "son fichier est dans une collection privée, déplacez-le ou choisissez-en un autre"
LOST_VERSION = "sa version accessible, « {} », n’est plus sur le serveur, téléversez-la de nouveau"
PRIVATE_VERSION = (
    "sa version accessible, « {} », est dans une collection privée, déplacez-la ou choisissez-en une autre"
)
INCOMPLETE = "complétez-la, un de ses champs manque ou n’est pas valable"


def kit_gaps(kit: "KitPage") -> Iterator[Gap]:
    """What a kit needs, besides what any content does, to be published."""
    if not kit.kind:
        yield Gap("kind", MISSING_KIND)
    if not kit.version.strip():
        yield Gap("version", MISSING_VERSION)
    if not kit.pieces:
        yield Gap("pieces", MISSING_PIECES)
    elif troubles := " ".join(piece_troubles(kit)):
        yield Gap("pieces", troubles)


def piece_troubles(kit: "KitPage") -> Iterator[str]:
    """A sentence for each piece that is not fit to be published, which names it."""
    private = private_paths()
    for rank, child in enumerate(kit.pieces, start=1):
        if trouble := trouble_of(child, private):
            yield f"Pièce {rank}, « {title_of(child.block_type, child.value)} » : {trouble}."


def trouble_of(child, private: tuple[str, ...]) -> str:
    """What keeps a piece from being published; empty when nothing does."""
    if child.block_type == "file" and (trouble := document_trouble(child.value.get("document"), private)):
        return trouble
    try:
        child.block.clean(child.value)
    except ValidationError:
        return INCOMPLETE
    return ""


def document_trouble(document: "CustomDocument | None", private: tuple[str, ...]) -> str:
    """What would keep visitors from a file, or from its accessible version; empty when nothing does."""
    if document is None:
        return MISSING_DOCUMENT
    if not is_stored(document):
        return LOST_FILE
    if is_private(document, private):
        return PRIVATE_FILE
    version = document.accessible_version
    if version is None:
        return ""
    if not is_stored(version):
        return LOST_VERSION.format(version.title)
    return PRIVATE_VERSION.format(version.title) if is_private(version, private) else ""
