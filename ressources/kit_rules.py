"""What a kit needs to be published, and what its editors are told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from territoires_en_commun.base.publication import Gap

from .kit_files import is_stored, title_of

if TYPE_CHECKING:
    from .models import KitPage

MISSING_KIND = "Choisissez la nature de la ressource : kit, outil, guide…"
MISSING_VERSION = "Indiquez la version de la ressource, par exemple « 1.0 »."
MISSING_PIECES = "Ajoutez au moins une pièce : étape, fichier, lien, vidéo ou texte."
MISSING_DOCUMENT = "choisissez son fichier, qui manque"
LOST_FILE = "son fichier n’est plus sur le serveur, téléversez-le de nouveau"
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
    for rank, child in enumerate(kit.pieces, start=1):
        if trouble := trouble_of(child):
            yield f"Pièce {rank}, « {title_of(child.block_type, child.value)} » : {trouble}."


def trouble_of(child) -> str:
    """What keeps a piece from being published; empty when nothing does."""
    if child.block_type == "file":
        document = child.value.get("document")
        if document is None:
            return MISSING_DOCUMENT
        if not is_stored(document):
            return LOST_FILE
    try:
        child.block.clean(child.value)
    except ValidationError:
        return INCOMPLETE
    return ""
