"""Remarks on a version of a page, which help editors before visitors complain; none prevents publication."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.html import escape
from wagtail.blocks import CharBlock, TextBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from territoires_en_commun.base.content_checks import VAGUE_ALT
from territoires_en_commun.base.dead_links.finding import links_of
from territoires_en_commun.base.models import BasePage, CustomDocument, CustomImage, LinkCheck, LinkState
from territoires_en_commun.base.previews import TITLE_SHOWN
from territoires_en_commun.base.publication import MISSING_IMAGE_ALT, MISSING_SUMMARY
from territoires_en_commun.base.streams import Anchor, Leaf, RichTextReader, is_rich_text, leaves

VAGUE_LINKS = frozenset(
    {
        *("ici", "cliquez ici", "cliquer ici", "clic ici", "là", "lien", "ce lien", "lire la suite", "en savoir plus"),
        *("plus d’informations", "plus d'informations", "plus d’infos", "plus d'infos", "suite", "la suite", "voir"),
        *("voir plus", "télécharger", "découvrir", "accéder", "consulter"),
    }
)
BARE_ADDRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
ACRONYM = re.compile(r"\b[A-Z]{3,8}\b")
KNOWN_ACRONYMS = frozenset(
    ("ANCT", "CSV", "EPCI", "FAQ", "HTML", "INSEE", "PDF", "RGPD", "SIREN", "SIRET", "TVA", "URL", "XLSX")
)
HEAVY_IMAGE = 2 * 1024 * 1024  # bytes of the original, above which renditions are slow to make


@dataclass(frozen=True)
class Advice:
    """A remark, and the field that it is about."""

    field: str
    message: str


class Draft:
    """What is written in a version of a page, read once."""

    def __init__(self, page: BasePage):
        self.page = page
        self.leaves = list(leaves(page))
        self.texts = [(leaf.field, RichTextReader(html)) for leaf in self.leaves if (html := _html_of(leaf))]

    @property
    def anchors(self) -> Iterator[tuple[str, Anchor]]:
        """The links of its texts."""
        return ((field, anchor) for field, text in self.texts for anchor in text.anchors)


def editorial_advice(page: BasePage) -> list[Advice]:
    """Remarks on its title and summary, texts, links, images and documents, then those of its type, each said once."""
    draft = Draft(page)
    ways = (title_advice, acronym_advice, wording_advice, link_advice, image_advice, document_advice, own_advice)
    return list(dict.fromkeys(advice for way in ways for advice in way(draft)))


def own_advice(draft: Draft) -> Iterator[Advice]:
    """What the type of page calls for (``BasePage.remarks``)."""
    return (Advice(field, message) for field, message in draft.page.remarks())


def title_advice(draft: Draft) -> Iterator[Advice]:
    page = draft.page
    shown = page.seo_title or page.title
    if len(shown) > TITLE_SHOWN:
        field = "seo_title" if page.seo_title else "title"
        yield Advice(
            field,
            f"{len(shown)} caractères, quand les moteurs de recherche en montrent {TITLE_SHOWN} : raccourcissez.",
        )
    if not page.summary.strip():
        yield Advice("summary", MISSING_SUMMARY)


def wording_advice(draft: Draft) -> Iterator[Advice]:
    for field, text in draft.texts:
        for anchor in text.anchors:
            if anchor.text.casefold().rstrip(" .…!:»") in VAGUE_LINKS:
                yield Advice(field, f"Lien « {anchor.text} » : dites où il mène, hors contexte aussi (RGAA 6.1).")
            elif BARE_ADDRESS.fullmatch(anchor.text):
                yield Advice(field, f"Lien nu « {anchor.text[:60]} » : remplacez l’adresse par un texte.")


def acronym_advice(draft: Draft) -> Iterator[Advice]:
    """Acronyms that the page does not spell out where it first uses them; what an earlier block explains is known."""
    known = set(KNOWN_ACRONYMS)
    for field, text in draft.texts:
        found = set(ACRONYM.findall(text.text)) - known
        known |= found
        for acronym in sorted(found):
            if not re.search(rf"\({acronym}\)|{acronym}\s*\(", text.text):
                yield Advice(field, f"Sigle « {acronym} » : développez-le à sa première apparition.")


def link_advice(draft: Draft) -> Iterator[Advice]:
    """Links known to be dead or refused, and links to pages that are not published."""
    links = links_of(draft.page)
    if links:
        bad = LinkCheck.objects.filter(
            url__in={url for _, url in links}, state__in=(LinkState.DEAD, LinkState.REFUSED)
        ).in_bulk(field_name="url")
        for field, url in sorted(links):
            if link := bad.get(url):
                yield Advice(field, f"Lien {link.get_state_display()} « {url} » : {link.cause}.")
    targets = {anchor.page for _, anchor in draft.anchors if anchor.page}
    live = set(BasePage.objects.live().filter(pk__in=targets).values_list("pk", flat=True)) if targets else set()
    for field, anchor in draft.anchors:
        if anchor.page and anchor.page not in live:
            yield Advice(field, f"Lien « {anchor.text} » : il mène à une page supprimée ou qui n’est pas publiée.")


def image_advice(draft: Draft) -> Iterator[Advice]:
    page = draft.page
    if page.image_id and not page.image_alt.strip() and not page.image_decorative:
        yield Advice("image_alt", MISSING_IMAGE_ALT)
    used = [("image", {"image": page.image_id, "alt_text": page.image_alt})] if page.image_id else []
    described = [leaf for leaf in draft.leaves if isinstance(leaf.kind, ImageBlock) and leaf.value.get("image")]
    used += [(leaf.field, leaf.value) for leaf in described]
    used += [(leaf.field, {"image": leaf.value}) for leaf in draft.leaves if isinstance(leaf.kind, ImageChooserBlock)]
    images = CustomImage.objects.in_bulk({value["image"] for _, value in used}) if used else {}
    for field, value in used:
        image, alt = images.get(value["image"]), (value.get("alt_text") or "").strip()
        if image and (image.file_size or 0) > HEAVY_IMAGE:
            weight = f"{image.file_size / 1024 / 1024:.1f}".replace(".", ",")
            yield Advice(field, f"L’image d’origine « {image.title} » pèse {weight} Mo : allégez-la sous 2 Mo.")
        if alt and re.search(VAGUE_ALT, alt, re.IGNORECASE):
            yield Advice(field, f"Texte alternatif « {alt} » : dites ce que l’image apporte (RGAA 1.3).")
    for leaf in described:
        if not leaf.value.get("decorative") and not (leaf.value.get("alt_text") or "").strip():
            title = images[leaf.value["image"]].title if leaf.value["image"] in images else "sans titre"
            yield Advice(leaf.field, f"Image « {title} » : décrivez-la, ou dites-la décorative (RGAA 1.1).")


def document_advice(draft: Draft) -> Iterator[Advice]:
    """PDF that some readers can't read, unless the document has an accessible version (RGAA 13.3)."""
    used = [(leaf.field, leaf.value) for leaf in draft.leaves if isinstance(leaf.kind, DocumentChooserBlock)]
    used += [(leaf.field, leaf.value) for leaf in draft.leaves if isinstance(leaf.kind, models.ForeignKey)]
    used += [(field, anchor.document) for field, anchor in draft.anchors if anchor.document]
    lacking = CustomDocument.objects.without_accessible_version().in_bulk({key for _, key in used}) if used else {}
    for field, key in used:
        if document := lacking.get(key):
            yield Advice(field, f"PDF « {document.title} » : joignez-lui une version accessible (RGAA 13.3).")


def _html_of(leaf: Leaf) -> str:
    """A text as HTML; empty for what is not a text."""
    if is_rich_text(leaf):
        return leaf.value
    return escape(leaf.value) if isinstance(leaf.kind, CharBlock | TextBlock) else ""
