"""What the page of a kit says, ready for its template and for search engines."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.timezone import localdate
from wagtail.blocks.stream_block import StreamValue

from ressources.archive import archive_detail, archive_refusal
from ressources.kinds import ISO_SET_UP_TIMES
from ressources.kit_files import KitFile, kit_files
from ressources.models import KitChange, KitPage
from ressources.pieces import Piece, file_link, piece_of
from ressources.sheets import Fact, ResourceSheet
from territoires_en_commun.base.formats import full_date
from territoires_en_commun.base.models import CustomDocument, Licence


@dataclass(frozen=True)
class ShownPiece:
    """A piece, and the block that renders it."""

    piece: Piece
    block: StreamValue.StreamChild


@dataclass(frozen=True)
class ArchiveOffer:
    """All the files together: what they weigh, and where they are, or why they are not."""

    detail: str
    url: str
    refusal: str


class KitSheet(ResourceSheet):
    """The data of one kit. A preview leads to the files of the library: only a published kit has downloads."""

    def __init__(self, kit: KitPage, *, is_preview: bool = False):
        super().__init__(kit)
        self.kit = kit
        self.is_preview = is_preview

    @property
    def kind_label(self) -> str:
        """« Guide »."""
        return capfirst(self.kit.get_kind_display())

    @cached_property
    def files(self) -> list[KitFile]:
        """The files that visitors may have."""
        return kit_files(self.kit)

    def url_of(self, document: CustomDocument) -> str:
        """Where a file of this kit is downloaded."""
        return document.url if self.is_preview else reverse("download_file", args=[self.kit.pk, document.pk])

    @cached_property
    def pieces(self) -> list[ShownPiece]:
        """The pieces in order, the steps numbered."""
        shown, step = [], 0
        for rank, block in enumerate(self.kit.pieces, start=1):
            step += block.block_type == "step"
            piece = piece_of(
                block.block_type,
                block.value,
                step=step,
                anchor=f"piece-{block.id or rank}",
                files=[file_link(file, self.url_of(file.document)) for file in self.files if file.rank == rank],
            )
            shown.append(ShownPiece(piece, block))
        return shown

    @property
    def contents(self) -> list[dict[str, str]]:
        """The table of contents; none for a single piece."""
        pieces = [shown.piece for shown in self.pieces]
        return [{"id": piece.anchor, "title": piece.name} for piece in pieces] if len(pieces) > 1 else []

    @cached_property
    def archive(self) -> ArchiveOffer | None:
        """All the files together, when there are several."""
        if len(self.files) < 2:
            return None
        refusal = archive_refusal(self.files)
        url = "" if self.is_preview or refusal else reverse("download_archive", args=[self.kit.pk])
        return ArchiveOffer(archive_detail(self.files), url, refusal)

    @property
    def changes(self) -> list[KitChange]:
        """What changed, the latest first."""
        return sorted(self.kit.changes.all(), key=lambda change: change.date, reverse=True)

    @property
    def facts(self) -> list[Fact]:
        """The kit in short; what is not known is left out."""
        kit = self.kit
        facts = [
            Fact("Pour qui", self.audience),
            Fact("Mise en œuvre", capfirst(kit.get_set_up_time_display())),
            Fact("Niveau", capfirst(kit.get_level_display())),
            Fact("Coût", capfirst(kit.get_cost_display())),
            Fact("Version", self.version_label),
            *self.publisher,
            Fact("Licence", kit.get_licence_display(), Licence(kit.licence).url, is_external=True),
        ]
        return [fact for fact in facts if fact.text]

    @property
    def version_label(self) -> str:
        """« 1.2, mise à jour le 3 mars 2026 »."""
        published = self.kit.last_published_at
        day = f"mise à jour le {full_date(localdate(published))}" if published else ""
        return ", ".join(filter(None, [self.kit.version, day]))

    @cached_property
    def original(self) -> KitPage | None:
        """The kit that this one adapts, when visitors may read it."""
        if self.kit.derived_from_id is None:
            return None
        return KitPage.objects.live_public().filter(pk=self.kit.derived_from_id).first()

    @property
    def structured_data(self) -> dict:
        """The kit as schema.org describes a procedure, or a work when it has no step: what the page shows."""
        kit = self.kit
        url = settings.SITE_URL + (kit.get_url() or "")
        steps = [
            {
                "@type": "HowToStep",
                "name": shown.piece.title,
                "text": plain(shown),
                "url": f"{url}#{shown.piece.anchor}",
            }
            for shown in self.pieces
            if shown.block.block_type == "step"
        ]
        data = {
            "@context": "https://schema.org",
            "@type": "HowTo" if steps else "CreativeWork",
            "name": kit.title,
            "description": kit.summary,
            "url": url,
            "inLanguage": "fr",
            "version": kit.version,
            "license": Licence(kit.licence).url,
            "audience": self.schema_audience,
            "totalTime": ISO_SET_UP_TIMES.get(kit.set_up_time, "") if steps else "",
            "step": steps,
            "datePublished": kit.first_published_at.isoformat() if kit.first_published_at else "",
            "dateModified": kit.last_published_at.isoformat() if kit.last_published_at else "",
            "publisher": {"@type": "Organization", "name": kit.partner.current.name} if kit.partner else {},
        }
        return {key: value for key, value in data.items() if value}


def plain(shown: ShownPiece) -> str:
    """The text of a step without its markup."""
    return " ".join(strip_tags(str(shown.block.value["text"].source).replace("<", " <")).split())
