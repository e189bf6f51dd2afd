"""What each block of a page body asks for: bad content is refused on publication, drafts may be incomplete (RGAA)."""

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    DateBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StructBlock,
    StructValue,
    TextBlock,
    URLBlock,
)
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock as ImageWithAltBlock
from wagtail.images.blocks import ImageChooserBlock

from .documents import document_detail
from .video import HOST_NAMES, find_video

INLINE_FEATURES = ["bold", "italic", "link", "document-link"]
LIST_FEATURES = [*INLINE_FEATURES, "ul", "ol"]
TEXT_FEATURES = ["h2", "h3", "h4", *LIST_FEATURES, "superscript", "subscript"]


class LinkValue(StructValue):
    """A link to a page or to an address."""

    @property
    def href(self) -> str:
        page = self.get("page")
        return page.url or "" if page and page.live else self.get("url") or ""


class LinkBlock(StructBlock):
    """A link: its text, and exactly one of a page of the site or an address."""

    label = CharBlock(label="texte du lien", max_length=120, help_text="Compréhensible hors de son contexte.")
    page = PageChooserBlock(label="page du site", required=False)
    url = URLBlock(label="ou adresse", required=False)

    class Meta:
        icon = "link"
        value_class = LinkValue

    def clean(self, value):
        cleaned = super().clean(value)
        if not self.is_deferred_validation and bool(cleaned.get("page")) == bool(cleaned.get("url")):
            error = ValidationError("Indiquez une page du site ou une adresse, et une seule des deux.")
            raise StructBlockValidationError({"page": error})
        return cleaned


class HeadingBlock(StructBlock):
    """A heading; the title of the page is the only h1."""

    text = CharBlock(label="intertitre", max_length=200)
    level = ChoiceBlock(
        label="niveau",
        choices=[("h2", "Niveau 2 (partie)"), ("h3", "Niveau 3 (sous-partie)"), ("h4", "Niveau 4")],
        default="h2",
    )


class QuoteBlock(StructBlock):
    """Words of somebody, with their name and where they were said."""

    text = TextBlock(label="citation", max_length=1000, help_text="Sans guillemets : ils sont ajoutés.")
    author = CharBlock(label="auteur ou autrice", max_length=120)
    role = CharBlock(label="fonction", max_length=160, required=False)
    source = CharBlock(label="titre de la source", max_length=200, required=False)
    source_url = URLBlock(label="adresse de la source", required=False)


class CalloutBlock(StructBlock):
    """A text set apart, with an optional link."""

    title = CharBlock(label="titre", max_length=120, required=False)
    text = RichTextBlock(label="texte", features=LIST_FEATURES)
    link = ListBlock(LinkBlock(), label="lien", min_num=0, max_num=1, default=[])


class AlertBlock(StructBlock):
    """An information that readers must not miss."""

    level = ChoiceBlock(
        label="nature",
        choices=[
            ("info", "Information"),
            ("success", "Bonne nouvelle"),
            ("warning", "Attention"),
            ("error", "Danger, interruption"),
        ],
        default="info",
    )
    title = CharBlock(label="titre", max_length=120)
    text = RichTextBlock(label="texte", features=INLINE_FEATURES, required=False)


class ImageBlock(StructBlock):
    """A picture: described by a text, or said to be decorative (RGAA 1.1, 1.2)."""

    image = ImageWithAltBlock(label="image")
    caption = CharBlock(label="légende", max_length=255, required=False)


class VideoValue(StructValue):
    """A video of a known host."""

    @property
    def video(self):
        return find_video(self.get("url") or "")


class VideoBlock(StructBlock):
    """A video of a known host: nothing is asked of that host before the visitor's click (RGPD)."""

    title = CharBlock(label="titre de la vidéo", max_length=160)
    url = URLBlock(label="adresse de la vidéo", help_text=f"Hébergeurs acceptés : {HOST_NAMES}.")
    duration = CharBlock(label="durée", max_length=30, required=False, help_text="Par exemple « 4 min 30 ».")
    transcript = RichTextBlock(
        label="transcription",
        features=TEXT_FEATURES[1:],
        help_text="Tout ce qui est dit et montré d’utile, dans l’ordre (RGAA 4.1).",
    )

    class Meta:
        value_class = VideoValue

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned.get("url") and not find_video(cleaned["url"]):
            error = ValidationError(f"Adresse non reconnue. Hébergeurs acceptés : {HOST_NAMES}.")
            raise StructBlockValidationError({"url": error})
        return cleaned


class DocumentValue(StructValue):
    """A file with what its link must say of it (RGAA 13.3): format, weight, language."""

    @property
    def label(self) -> str:
        return self.get("title") or self["document"].title

    @property
    def link_label(self) -> str:
        return f"Télécharger «\u00a0{self.label}\u00a0»"

    @property
    def accessible_label(self) -> str:
        return f"Version accessible de «\u00a0{self.label}\u00a0»"

    @property
    def detail(self) -> str:
        return document_detail(self["document"])

    @property
    def accessible_detail(self) -> str:
        return document_detail(self["document"].accessible_version)


class DocumentBlock(StructBlock):
    """A file to download."""

    document = DocumentChooserBlock(label="document")
    title = CharBlock(
        label="titre affiché", max_length=160, required=False, help_text="Par défaut, le titre du document."
    )
    description = TextBlock(label="description", max_length=300, required=False)

    class Meta:
        value_class = DocumentValue


class AccordionItemBlock(StructBlock):
    """One panel of an accordion."""

    title = CharBlock(label="titre", max_length=200)
    text = RichTextBlock(label="texte", features=LIST_FEATURES)


class DataTableBlock(TypedTableBlock):
    """A table whose caption and column headings are required (RGAA 5.4 to 5.7)."""

    def clean(self, table):
        cleaned = super().clean(table)
        if self.is_deferred_validation:
            return cleaned
        errors = []
        if not (cleaned.caption or "").strip():
            errors.append("Donnez un titre au tableau : il dit ce que le tableau contient.")
        if not cleaned.columns or not cleaned.row_data:
            errors.append("Le tableau doit avoir au moins une colonne et une ligne.")
        if any(not (column["heading"] or "").strip() for column in cleaned.columns):
            errors.append("Chaque colonne doit avoir un en-tête.")
        if errors:
            raise TypedTableBlockValidationError(non_block_errors=errors)
        return cleaned


class TableBlock(StructBlock):
    """A data table."""

    table = DataTableBlock(
        [
            ("text", CharBlock(label="texte", required=False)),
            ("rich_text", RichTextBlock(label="texte mis en forme", features=INLINE_FEATURES, required=False)),
        ],
        label="tableau",
    )
    row_headers = BooleanBlock(label="la première colonne nomme les lignes", required=False)


class StepBlock(StructBlock):
    """One step of a procedure."""

    title = CharBlock(label="titre de l’étape", max_length=160)
    text = RichTextBlock(label="texte", features=LIST_FEATURES)


class StepsBlock(StructBlock):
    """A procedure, in order."""

    title = CharBlock(label="titre de la démarche", max_length=160)
    steps = ListBlock(StepBlock(), label="étapes", min_num=2, max_num=12)


class CardBlock(LinkBlock):
    """A card that leads to a page."""

    label = CharBlock(label="titre", max_length=120)
    text = TextBlock(label="texte", max_length=250, required=False)
    image = ImageChooserBlock(label="image décorative", required=False)


class CardsBlock(StructBlock):
    """A titled group of cards."""

    title = CharBlock(label="titre du groupe", max_length=160)
    cards = ListBlock(CardBlock(), label="cartes", min_num=1, max_num=9)


class ButtonsBlock(StructBlock):
    """Links that call to an action; the first stands out."""

    links = ListBlock(LinkBlock(), label="boutons", min_num=1, max_num=3)


class KeyFigureBlock(StructBlock):
    """A figure, what it counts, and who says so."""

    figure = CharBlock(label="chiffre", max_length=20)
    label = CharBlock(label="ce qu’il compte", max_length=120)
    source = CharBlock(label="source", max_length=160)
    source_url = URLBlock(label="adresse de la source", required=False)
    date = DateBlock(label="date du chiffre")


class KeyFiguresBlock(StructBlock):
    """A titled group of figures, each with its source."""

    title = CharBlock(label="titre du groupe", max_length=160)
    figures = ListBlock(KeyFigureBlock(), label="chiffres", min_num=1, max_num=6)
