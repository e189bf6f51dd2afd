"""The pieces of a kit, in the order in which they are used.

The name of a block in ``PieceBlock`` is also the name of its template (``ressources/pieces/<name>.html``).
"""

from wagtail.blocks import CharBlock, ChoiceBlock, RichTextBlock, StreamBlock, TextBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock

from territoires_en_commun.base.block_parts import (
    LIST_FEATURES,
    DocumentBlock,
    LinkBlock,
    LinkValue,
    StepBlock,
    VideoBlock,
)
from territoires_en_commun.base.blocks import load_previews, media_preview, text_preview
from territoires_en_commun.base.documents import language_name

from .pieces import piece_of

LANGUAGES = [
    ("fr", "français"),
    ("en", "anglais"),
    ("de", "allemand"),
    ("es", "espagnol"),
    ("it", "italien"),
    ("nl", "néerlandais"),
    ("pt", "portugais"),
]


class PieceMixin:
    """A block whose template shows ``piece``: the one that the page of the kit numbered, else the block on its own."""

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        if "piece" not in context:
            context["piece"] = piece_of(self.name, value)
        return context


class StepPieceBlock(PieceMixin, StepBlock):
    """A step; its title is a heading of the page."""


class TextPieceBlock(PieceMixin, StepBlock):
    """A text under its title."""

    title = CharBlock(label="titre", max_length=160)
    text = RichTextBlock(label="texte", features=["h4", *LIST_FEATURES])


class FileChooserBlock(DocumentChooserBlock):
    """Documents read in one query with what a page shows of them: their accessible version, who may read them."""

    def bulk_to_python(self, values):
        documents = self.model_class.objects.select_related("collection", "accessible_version__collection")
        found = documents.in_bulk(values)
        return [found.get(pk) for pk in values]


class FilePieceBlock(PieceMixin, DocumentBlock):
    """A file; publication names those that are missing (``kit_rules``)."""

    document = FileChooserBlock(label="document", required=False)


class LinkPieceValue(LinkValue):
    """A link with what is known of where it leads."""

    @property
    def detail(self) -> str:
        """« PDF, 1,2 Mo, anglais »."""
        parts = [self.get("format"), self.get("weight"), language_name(self.get("language") or "fr")]
        return ", ".join(part for part in parts if part)


class LinkPieceBlock(PieceMixin, LinkBlock):
    """A link, with its language and, when it leads to a file, the format and the weight (RGAA 13.3)."""

    description = TextBlock(label="description", max_length=300, required=False)
    language = ChoiceBlock(label="langue", choices=LANGUAGES, default="fr")
    format = CharBlock(label="format du fichier", max_length=30, required=False, help_text="Par exemple « PDF ».")
    weight = CharBlock(label="poids du fichier", max_length=30, required=False, help_text="Par exemple « 1,2 Mo ».")

    class Meta:
        value_class = LinkPieceValue


class VideoPieceBlock(PieceMixin, VideoBlock):
    """A video with its transcript."""


def options(name: str, preview) -> dict:
    """The template of a piece and its preview value, borrowed from the blocks of page bodies."""
    return {"template": f"ressources/pieces/{name}.html", "preview_value": preview}


class PieceBlock(StreamBlock):
    """The ordered pieces of a kit."""

    step = StepPieceBlock(
        icon="list-ol",
        label="Étape",
        description="Une étape de la démarche ; les étapes sont numérotées dans l’ordre de la page.",
        **options("step", lambda: load_previews()["steps"]["steps"][0]),
    )
    file = FilePieceBlock(
        icon="doc-full",
        label="Fichier",
        description="Un fichier à télécharger ; son format, son poids et sa langue viennent de la bibliothèque.",
        **options("file", media_preview("document", "document", get_document_model)),
    )
    link = LinkPieceBlock(
        icon="link",
        label="Lien",
        description="Une page du site ou d’un autre site, avec sa langue.",
        **options("link", lambda: {**load_previews()["buttons"]["links"][0], "language": "fr"}),
    )
    video = VideoPieceBlock(
        icon="media",
        label="Vidéo",
        description="Une vidéo jouée après un clic, avec sa transcription.",
        **options("video", text_preview("video")),
    )
    text = TextPieceBlock(
        icon="pilcrow",
        label="Texte",
        description="Un conseil, un rappel, un encadré : des paragraphes sous un titre.",
        **options("text", lambda: load_previews()["accordion"][0]),
    )
