"""Checks that help editors before visitors complain: RGAA in the preview, and wording in the editor."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from wagtail.admin.userbar import ContentCheckerItem
from wagtail.fields import RichTextField, StreamField

from territoires_en_commun.base.rgaa_rules import RGAA_RULES

# Wagtail's own rules that the RGAA tag does not cover.
EDITORIAL_RULES = [
    "empty-heading",
    "empty-table-header",
    "heading-order",
    "alt-text-quality",
    "empty-meta-description",
]
VAGUE_ALT = r"\.(avif|gif|jpe?g|png|svg|webp)$|_|^(image|photo|photographie|illustration|visuel|logo|capture)\d*$"
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


class RgaaContentChecker(ContentCheckerItem):
    """Wagtail's content checker with every automatic rule of the RGAA, said in French."""

    axe_run_only = [*RGAA_RULES, *EDITORIAL_RULES]
    axe_custom_checks = [
        {"id": "check-image-alt-text", "options": {"pattern": VAGUE_ALT}},
        *[check for check in ContentCheckerItem.axe_custom_checks if check["id"] != "check-image-alt-text"],
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        **{
            rule: {"error_name": sentence, "help_text": f"RGAA, critère {criterion}"}
            for rule, (criterion, sentence) in RGAA_RULES.items()
        },
    }


def use_rgaa_checker(request, items, page) -> None:
    """Replace Wagtail's content checker in the userbar and in the editor's checks panel."""
    items[:] = [
        RgaaContentChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


@dataclass(frozen=True)
class Advice:
    """A remark on the wording of a page; it never prevents publication."""

    field: str
    message: str


def editorial_advice(page) -> list[Advice]:
    """Remarks on a version of a page: link texts, bare addresses, unexplained acronyms, heavy image, its own ones."""
    advice = []
    for field, html in _rich_texts(page):
        reader = _TextReader()
        reader.feed(html)
        reader.close()
        advice += [Advice(field, message) for message in reader.remarks()]
    if page.image_id and (page.image.file_size or 0) > HEAVY_IMAGE:
        weight = f"{page.image.file_size / 1024 / 1024:.1f}".replace(".", ",")
        advice.append(Advice("image", f"L’image d’origine pèse {weight} Mo : allégez-la sous 2 Mo."))
    advice += [Advice(field, message) for field, message in page.remarks()]
    return list(dict.fromkeys(advice))


def _rich_texts(page):
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField):
            yield field.name, getattr(page, field.name) or ""
        elif isinstance(field, StreamField):
            for text in _strings(getattr(page, field.name).get_prep_value()):
                yield field.name, text


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"id", "type"}:
                yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


class _TextReader(HTMLParser):
    """Collects the texts of links, and the plain text, of a piece of rich text."""

    def __init__(self):
        super().__init__()
        self.links: list[str] = []
        self.text = ""
        self._link: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._link = []

    def handle_endtag(self, tag):
        if tag == "a" and self._link is not None:
            self.links.append(" ".join("".join(self._link).split()))
            self._link = None

    def handle_data(self, data):
        if self._link is not None:
            self._link.append(data)
        else:
            self.text += data

    def remarks(self):
        for link in self.links:
            if link.casefold().rstrip(" .…!:»") in VAGUE_LINKS:
                yield f"Lien « {link} » : dites où il mène, hors contexte aussi (RGAA 6.1)."
            elif BARE_ADDRESS.fullmatch(link):
                yield f"Lien nu « {link[:60]} » : remplacez l’adresse par un texte."
        for acronym in sorted(set(ACRONYM.findall(self.text)) - KNOWN_ACRONYMS):
            if not re.search(rf"\({acronym}\)|{acronym}\s*\(", self.text):
                yield f"Sigle « {acronym} » : développez-le à sa première apparition (RGAA 9.4)."
