"""What an event leaves to those who came, and to those who could not: documents, replay, links.

The name of a block is also that of its template (``blocks/<name>.html``).
"""

from wagtail.blocks import BooleanBlock, StreamBlock
from wagtail.documents import get_document_model

from territoires_en_commun.base.block_parts import DocumentBlock, LinkBlock, VideoBlock
from territoires_en_commun.base.blocks import load_previews, media_preview, text_preview


class ReplayBlock(VideoBlock):
    """The recording of an event: published with captions, or not at all (RGAA 4.3)."""

    is_captioned = BooleanBlock(
        label="la vidéo est sous-titrée",
        help_text="Des sous-titres relus, pas ceux d’une machine : sans eux, l’événement ne peut pas être publié.",
    )


class MaterialBlock(StreamBlock):
    """Documents, recordings and links, in order."""

    document = DocumentBlock(
        icon="doc-full",
        label="Document",
        description="Programme, support, compte rendu.",
        template="blocks/document.html",
        preview_value=media_preview("document", "document", get_document_model),
    )
    video = ReplayBlock(
        icon="media",
        label="Replay",
        description="L’enregistrement, sous-titré, avec sa transcription.",
        template="blocks/video.html",
        preview_value=text_preview("video"),
    )
    link = LinkBlock(
        icon="link",
        label="Lien",
        description="Une page du site ou d’un autre site.",
        template="agenda/event/material_link.html",
        preview_value=lambda: load_previews()["buttons"]["links"][0],
    )
