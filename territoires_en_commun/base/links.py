"""The links of a page as visitors see them: both ways, by meaning, and only to pages that they may read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import capfirst

from .models import BasePage
from .models.links import TITLES, PageLink
from .registry import linked_pages

MAX_SHOWN = 30  # of one group


@dataclass(frozen=True)
class LinkedPage:
    """A page linked to another: its title, its address and its kind (« Retour d’expérience »)."""

    pk: int
    title: str
    url: str
    kind: str


@dataclass(frozen=True)
class LinkGroup:
    """Linked pages under the words that say how they are linked."""

    title: str
    pages: tuple[LinkedPage, ...]
    more: int = 0


def link_groups(page: BasePage, public: QuerySet | None = None) -> list[LinkGroup]:
    """What this page leads to and what leads to it, live and public only; the rooms add theirs (``linked_pages``).

    ``public`` is what visitors may read, when the caller knows it already.
    """
    if public is None:
        public = BasePage.objects.live_public()
    out = PageLink.objects.filter(source=page, target__in=public).select_related("target")
    into = PageLink.objects.filter(target=page, source__in=public).select_related("source")
    found: dict[str, dict[int, BasePage]] = {}
    for link in out.order_by("sort_order", "pk"):
        found.setdefault(TITLES[link.kind][0], {})[link.target_id] = link.target
    for link in into.order_by("-source__first_published_at", "-pk"):
        found.setdefault(TITLES[link.kind][1], {})[link.source_id] = link.source
    for give in linked_pages:
        for title, pages in give(page):
            found.setdefault(title, {}).update({other.pk: other for other in pages})
    return [_group(title, pages.values()) for title, pages in found.items() if pages]


def _group(title: str, pages: Iterable[BasePage]) -> LinkGroup:
    every = list(pages)
    shown = tuple(LinkedPage(page.pk, page.title, page.get_url() or "", kind_of(page)) for page in every[:MAX_SHOWN])
    return LinkGroup(title, shown, len(every) - len(shown))


def kind_of(page: BasePage) -> str:
    """« Retour d’expérience »."""
    return capfirst(str(page.specific_class._meta.verbose_name))
