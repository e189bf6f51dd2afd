"""The links of a page as visitors see them: both ways, by meaning, and only to pages that they may read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
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

    ``public`` is what visitors may read, when the caller knows it already. Nothing more is read when no link exists.
    """
    rows = PageLink.objects.filter(Q(source=page.pk) | Q(target=page.pk)).order_by("sort_order", "pk")
    links = list(rows.values_list("kind", "source", "target"))
    pages = read_pages({pk for _, *ends in links for pk in ends if pk != page.pk}, public)
    found: dict[str, dict[int, BasePage]] = {}
    for kind, source, target in links:
        if source == page.pk and target in pages:
            found.setdefault(TITLES[kind][0], {})[target] = pages[target]
    into = [(kind, pages[source]) for kind, source, target in links if target == page.pk and source in pages]
    for kind, other in sorted(into, key=lambda link: by_publication(link[1]), reverse=True):
        found.setdefault(TITLES[kind][1], {})[other.pk] = other
    for give in linked_pages:
        for title, others in give(page):
            found.setdefault(title, {}).update({other.pk: other for other in others})
    return [_group(title, others.values()) for title, others in found.items() if others]


def read_pages(pks: set[int], public: QuerySet | None) -> dict[int, BasePage]:
    """Those of these pages that visitors may read, with what a link needs."""
    if not pks:
        return {}
    public = BasePage.objects.live_public() if public is None else public
    shown = ("title", "slug", "url_path", "path", "depth", "locale", "content_type", "first_published_at")
    return {other.pk: other for other in public.filter(pk__in=pks).only(*shown)}


def by_publication(page: BasePage) -> tuple:
    """A key that orders pages by their first publication."""
    return page.first_published_at is not None, page.first_published_at, page.pk


def _group(title: str, pages: Iterable[BasePage]) -> LinkGroup:
    every = list(pages)
    shown = tuple(LinkedPage(page.pk, page.title, page.get_url() or "", kind_of(page)) for page in every[:MAX_SHOWN])
    return LinkGroup(title, shown, len(every) - len(shown))


def kind_of(page: BasePage) -> str:
    """« Retour d’expérience »."""
    return capfirst(str(page.specific_class._meta.verbose_name))
