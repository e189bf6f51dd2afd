"""The body of pages: the blocks that editors choose from, grouped.

The name of a block in ``ContentBlock`` is also the name of its template (``blocks/<name>.html``) and
of its preview value (``data/block_previews.json``).
"""

import json
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from .block_parts import (
    TEXT_FEATURES,
    AccordionItemBlock,
    AlertBlock,
    ButtonsBlock,
    CalloutBlock,
    CardsBlock,
    DocumentBlock,
    HeadingBlock,
    ImageBlock,
    KeyFiguresBlock,
    QuoteBlock,
    StepsBlock,
    TableBlock,
    VideoBlock,
)
from .headings import skipped_levels

PREVIEWS = Path(__file__).parent / "data" / "block_previews.json"

TEXT, MEDIA, STRUCTURE, LINKS = "Texte", "Médias", "Structure", "Liens et chiffres"


@cache
def load_previews() -> dict[str, dict]:
    """The preview value of each block, by name."""
    return json.loads(PREVIEWS.read_text(encoding="utf-8"))


def text_preview(name: str):
    """A callable preview value, read from the data file when an editor asks for it."""
    return lambda: load_previews()[name]


def media_preview(name: str, field: str, get_model):
    """Like ``text_preview``, with the oldest file of the library, if any."""
    return lambda: {**load_previews()[name], field: get_model().objects.order_by("pk").first()}


def options(name: str, group: str, preview=None) -> dict:
    """What a block of ``ContentBlock`` says of itself, besides its icon, label and description."""
    return {"template": f"blocks/{name}.html", "group": group, "preview_value": preview or text_preview(name)}


class ContentBlock(StreamBlock):
    """The body of a page."""

    heading = HeadingBlock(
        icon="title",
        label="Intertitre",
        description="Annonce une partie ; figure au sommaire de la page.",
        **options("heading", TEXT),
    )
    text = RichTextBlock(
        features=TEXT_FEATURES,
        icon="pilcrow",
        label="Texte",
        description="Paragraphes, listes, liens et intertitres.",
        **options("text", TEXT),
    )
    quote = QuoteBlock(
        icon="openquote",
        label="Citation",
        description="Les mots de quelqu’un, et qui les a dits.",
        **options("quote", TEXT),
    )
    callout = CalloutBlock(
        icon="pick",
        label="Mise en avant",
        description="Un texte à retenir, avec un lien facultatif.",
        **options("callout", TEXT),
    )
    alert = AlertBlock(
        icon="warning",
        label="Alerte",
        description="Une information à ne pas manquer, à employer rarement.",
        **options("alert", TEXT),
    )
    image = ImageBlock(
        icon="image",
        label="Image",
        description="Une image décrite ou décorative, sa légende et son crédit.",
        **options("image", MEDIA, media_preview("image", "image", get_image_model)),
    )
    video = VideoBlock(
        icon="media",
        label="Vidéo",
        description="Une vidéo jouée après un clic, avec sa transcription.",
        **options("video", MEDIA),
    )
    document = DocumentBlock(
        icon="doc-full",
        label="Document à télécharger",
        description="Un fichier, avec son format, son poids et sa langue.",
        **options("document", MEDIA, media_preview("document", "document", get_document_model)),
    )
    accordion = ListBlock(
        AccordionItemBlock(label="volet"),
        min_num=1,
        max_num=20,
        icon="list-ul",
        label="Accordéon",
        description="Des volets qui s’ouvrent : questions fréquentes.",
        **options("accordion", STRUCTURE),
    )
    table = TableBlock(
        icon="table",
        label="Tableau",
        description="Des données en lignes et en colonnes, avec un titre.",
        **options("table", STRUCTURE),
    )
    steps = StepsBlock(
        icon="list-ol", label="Étapes", description="Une démarche, étape par étape.", **options("steps", STRUCTURE)
    )
    cards = CardsBlock(
        icon="grip", label="Cartes", description="Des liens illustrés vers d’autres pages.", **options("cards", LINKS)
    )
    buttons = ButtonsBlock(
        icon="link", label="Boutons", description="Un à trois liens qui appellent à agir.", **options("buttons", LINKS)
    )
    key_figures = KeyFiguresBlock(
        icon="order",
        label="Chiffres clés",
        description="Des chiffres datés, avec leur source.",
        **options("key_figures", LINKS),
    )

    @staticmethod
    def pictures(value) -> dict[str, list]:
        """The images of a body, by the shape in which they are shown."""
        return {
            "content": [block.value["image"] for block in value if block.block_type == "image"],
            "card": [card["image"] for block in value if block.block_type == "cards" for card in block.value["cards"]],
        }

    def render(self, value, context=None):
        from territoires_en_commun.base.pictures import prepare_pictures  # it imports the models, which use blocks

        prepare_pictures(**self.pictures(value))
        return super().render(value, context)

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors = {
            index: ValidationError(f"Un niveau d’intertitre est sauté : h{found} après {after}.")
            for index, found, after in skipped_levels(cleaned)
        }
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned
