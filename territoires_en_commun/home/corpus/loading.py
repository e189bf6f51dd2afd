"""Documents become pages of text of one section, and leave it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from territoires_en_commun.base.bulk import add_published_children
from territoires_en_commun.base.html_blocks import new_block
from territoires_en_commun.base.models import BasePage, Theme
from territoires_en_commun.home.models import HomePage, StandardPage

from .reading import Document, Refusal

BATCH = 100
SECTION_REF = "corpus:"  # followed by the slug of the section
SECTION_SUMMARY = "Documents chargés ensemble, par exemple pour essayer la recherche."
MAX_SLUG = 200

Progress = Callable[[Sequence, str], Iterable]


class SectionRefused(Exception):  # noqa: N818 - it reads as what happened
    """The section cannot be; the message says why, in French."""


@dataclass
class Outcome:
    """What loading did; ``unknown_themes`` counts the documents that name each theme that does not exist."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unknown_themes: Counter[str] = field(default_factory=Counter)


def batches(items: list) -> list[list]:
    """A list in pieces of ``BATCH``."""
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]


def find_section(title: str) -> StandardPage | None:
    """The section of this title that ``open_section`` made, if any."""
    return StandardPage.objects.by_external_ref(f"{SECTION_REF}{slugify(title)}").first()


def open_section(title: str) -> StandardPage:
    """The section of this title under the home page, made if need be; raise SectionRefused when it can't be."""
    if section := find_section(title):
        return section
    home = HomePage.objects.order_by("path").first()
    if home is None:
        raise SectionRefused("Il n’y a pas encore de page d’accueil : lancez d’abord init_site.")
    slug = slugify(title)
    if not slug or len(slug) > MAX_SLUG:
        raise SectionRefused(f"Le titre de la section doit donner une adresse de 1 à {MAX_SLUG} caractères.")
    section = StandardPage(
        title=title, slug=slug, draft_title=title, summary=SECTION_SUMMARY, external_ref=f"{SECTION_REF}{slug}"
    )
    try:
        with transaction.atomic():
            home.add_child(instance=section)
            section.save_revision().publish()
    except ValidationError as error:
        reasons = " ".join(error.messages)
        raise SectionRefused(f"La section « {title} » ne peut pas être créée : {reasons}") from error
    return section


def loaded_pages(section: StandardPage | None):
    """The pages that the command made in this section: they bear the reference of a document."""
    pages = StandardPage.objects.child_of(section) if section else StandardPage.objects.none()
    return pages.exclude(external_ref="")


def borne_elsewhere(documents: Sequence[Document], section: StandardPage | None) -> list[Refusal]:
    """The documents whose identifier is the external reference of a page that is not of this section."""
    ours = loaded_pages(section).values("pk")
    taken = dict(
        BasePage.objects.exclude(external_ref="").exclude(pk__in=ours).values_list("external_ref", "draft_title")
    )
    return [
        Refusal(
            document.line, f"l’identifiant « {document.ref} » est celui d’une autre page, « {taken[document.ref]} »."
        )
        for document in documents
        if document.ref in taken
    ]


def load_documents(section: StandardPage, documents: Sequence[Document], progress: Progress) -> Outcome:
    """Publish the documents in the section: pages of the same references are updated when they differ.

    Each batch is written by itself: what is interrupted goes on when it is asked again.
    """
    outcome = Outcome()
    shelf = ThemeShelf(outcome.unknown_themes)
    known = {page.external_ref: page for page in loaded_pages(section)}
    themes_of = _themes_of(section)
    new, changed = [], []
    for document in documents:
        page, themes = known.get(document.ref), shelf.find(document.themes)
        if page is None:
            new.append((document, themes))
        elif _differs(page, document) or themes_of.get(page.pk, set()) != {theme.pk for theme in themes}:
            changed.append((page, document, themes))
        else:
            outcome.unchanged += 1
    _create(section, new, progress)
    for batch in progress(batches(changed), "Mises à jour"):
        with transaction.atomic():
            for page, document, themes in batch:
                _update(page, document, themes)
    outcome.created, outcome.updated = len(new), len(changed)
    return outcome


class ThemeShelf:
    """Finds themes by their name or slug, as they are today; counts those that do not exist in ``unknown``."""

    def __init__(self, unknown: Counter[str]):
        self.unknown = unknown
        # Of two themes of one name, the one still in use, then of the first level; a slug is of one theme.
        themes = sorted(
            Theme.objects.select_related("replaced_by").order_by("pk"),
            key=lambda theme: (theme.is_active, theme.parent_id is None),
        )
        self.by_key = {theme.name.casefold(): theme.current for theme in themes}
        self.by_key |= {theme.slug: theme.current for theme in themes}

    def find(self, names: Iterable[str]) -> list[Theme]:
        """The themes of a document, each once."""
        found = {}
        for name in names:
            if theme := self.by_key.get(name.casefold()):
                found[theme.pk] = theme
            else:
                self.unknown[name] += 1
        return list(found.values())


def _themes_of(section: StandardPage) -> dict[int, set[int]]:
    """The keys of the themes of each page below the section."""
    links = BasePage.themes.through.objects.filter(basepage__path__startswith=section.path)
    found: dict[int, set[int]] = {}
    for page, theme in links.values_list("basepage_id", "theme_id"):
        found.setdefault(page, set()).add(theme)
    return found


def _differs(page: StandardPage, document: Document) -> bool:
    """Whether visitors read something else than the document."""
    texts = [block["value"] for block in page.body.raw_data]
    wanted = [document.html] if document.html else []
    return not page.live or (page.title, page.summary, texts) != (document.title, document.summary, wanted)


def _body(document: Document) -> list[dict]:
    return [new_block("text", document.html)] if document.html else []


def _create(section: StandardPage, new: list[tuple[Document, list[Theme]]], progress: Progress) -> None:
    slugs = set(BasePage.objects.child_of(section).values_list("slug", flat=True))
    for batch in progress(batches(new), "Créations"):
        pages = [
            StandardPage(
                title=document.title,
                slug=_free_slug(document.title, slugs),
                summary=document.summary,
                external_ref=document.ref,
                body=_body(document),
            )
            for document, _themes in batch
        ]
        add_published_children(section, pages, {rank: {"themes": themes} for rank, (_, themes) in enumerate(batch)})


def _free_slug(title: str, taken: set[str]) -> str:
    """An address that no page of the section has, added to ``taken``."""
    base = slugify(title.replace("’", " "))[:MAX_SLUG].strip("-") or "document"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def _update(page: StandardPage, document: Document, themes: list[Theme]) -> None:
    """A new version, published: what an editor had changed stays in the history of the page."""
    page.title, page.summary, page.themes = document.title, document.summary, themes
    page.body = _body(document)
    page.save_revision(clean=False).publish()  # which judges it


def delete_documents(section: StandardPage, refs: set[str] | None, progress: Progress) -> tuple[int, int]:
    """Delete the pages of the section that the command made, or those of these references.

    Then the section, if nothing is left in it. A page under which somebody put another one is left. Return how many
    pages were deleted and how many are left.
    """
    pages = loaded_pages(section).filter(numchild=0).values_list("pk", "external_ref")
    keys = [pk for pk, ref in pages if refs is None or ref in refs]
    for batch in progress(batches(keys), "Suppressions"):
        with transaction.atomic():
            StandardPage.objects.filter(pk__in=batch).delete()
    section = StandardPage.objects.get(pk=section.pk)
    left = section.get_children_count()
    if not left:
        section.delete()
    return len(keys), left
