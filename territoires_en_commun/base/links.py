"""The links of a page as visitors see them: both ways, by meaning, and only to pages that they may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.text import capfirst
from wagtail.models import PageViewRestriction

from .models import BasePage
from .models.links import TITLES, PageLink
from .registry import linked_pages

MAX_SHOWN = 30  # of one group
NEVER = datetime.min.replace(tzinfo=UTC)
SHOWN = ("title", "url_path", "path", "depth", "content_type", "live", "first_published_at")


@dataclass(frozen=True)
class LinkedPage:
    """A page linked to another: its title, its address and its kind (« Retour d’expérience »)."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True)
class LinkGroup:
    """Linked pages under the words that say how they are linked."""

    title: str
    pages: tuple[LinkedPage, ...]
    more: int = 0


def link_groups(page: BasePage) -> list[LinkGroup]:
    """What this page leads to and what leads to it, live and public only; the rooms add theirs (``linked_pages``)."""
    if page.pk is None:  # the preview of a page that was never saved
        return []
    found: dict[str, dict[int, BasePage]] = {}
    for title, other in _linked(page):
        found.setdefault(title, {})[other.pk] = other
    private = tuple(PageViewRestriction.objects.values_list("page__path", flat=True)) if found else ()
    public = {
        title: [other for other in others.values() if other.live and not other.path.startswith(private)]
        for title, others in found.items()
    }
    return [_group(title, pages) for title, pages in public.items() if pages]


def _linked(page: BasePage) -> Iterator[tuple[str, BasePage]]:
    """Titles and pages, hidden ones included: where editors lead, what leads here (latest first), then the rooms."""
    both = PageLink.objects.filter(Q(source=page) | Q(target=page)).select_related("source", "target")
    links = both.only("kind", "sort_order", *(f"{side}__{name}" for side in ("source", "target") for name in SHOWN))
    outward = [link for link in links if link.source_id == page.pk]
    inward = [link for link in links if link.target_id == page.pk]
    for link in sorted(outward, key=lambda link: (link.sort_order or 0, link.pk)):
        yield TITLES[link.kind][0], link.target
    for link in sorted(inward, key=lambda link: (link.source.first_published_at or NEVER, link.pk), reverse=True):
        yield TITLES[link.kind][1], link.source
    for give in linked_pages:
        for title, pages in give(page):
            yield from ((title, other) for other in pages)


def _group(title: str, pages: list[BasePage]) -> LinkGroup:
    shown = tuple(LinkedPage(page.title, page.get_url() or "", kind_of(page)) for page in pages[:MAX_SHOWN])
    return LinkGroup(title, shown, len(pages) - len(shown))


def kind_of(page: BasePage) -> str:
    """« Retour d’expérience »."""
    return capfirst(str(page.specific_class._meta.verbose_name))
