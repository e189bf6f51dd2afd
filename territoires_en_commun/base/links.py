"""The links of a page as visitors see them: both ways, by meaning, and only to pages that they may read."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from .models import BasePage
from .models.links import TITLES, PageLink
from .models.visibility import private_paths
from .registry import link_details, linked_pages

MAX_SHOWN = 30  # of one group
# What is read of the pages at both ends of a link.
SHOWN = ("title", "slug", "url_path", "path", "depth", "locale", "content_type", "live", "first_published_at")


@dataclass(frozen=True)
class LinkedPage:
    """A page linked to another: its title, its address, its kind (« Retour d’expérience »), what its room adds."""

    pk: int
    title: str
    url: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class LinkGroup:
    """Linked pages under the words that say how they are linked."""

    title: str
    pages: tuple[LinkedPage, ...]
    more: int = 0


def is_readable(page: BasePage, private: tuple[str, ...]) -> bool:
    """Whether any visitor may read a page."""
    return page.live and not page.path.startswith(private)


def link_groups(page: BasePage) -> list[LinkGroup]:
    """What this page leads to and what leads to it, live and public only; the rooms add theirs (``linked_pages``).

    A page that was never saved, as in a preview, has none. One query for the links.
    """
    if page.pk is None:
        return []
    private = private_paths()
    around = PageLink.objects.filter(Q(source=page) | Q(target=page)).select_related("source", "target")
    around = around.only("kind", "sort_order", *(f"{end}__{name}" for end in ("source", "target") for name in SHOWN))
    links = sorted(around, key=lambda link: (link.sort_order or 0, link.pk))
    into = sorted((link for link in links if link.target_id == page.pk), key=_age, reverse=True)
    named = [(TITLES[link.kind][0], link.target) for link in links if link.source_id == page.pk]
    named += [(TITLES[link.kind][1], link.source) for link in into]
    named += [(title, other) for give in linked_pages for title, pages in give(page) for other in pages.only(*SHOWN)]
    found: dict[str, dict[int, BasePage]] = {}
    for title, other in named:
        if is_readable(other, private):
            found.setdefault(title, {})[other.pk] = other
    shown = list({pk: other for pages in found.values() for pk, other in pages.items()}.values())
    details = ChainMap({}, *(give(shown, timezone.now()) for give in link_details if shown))
    return [_group(title, pages.values(), details) for title, pages in found.items()]


def _age(link: PageLink) -> tuple[bool, datetime | None, int]:
    """The newest sources come first, those that were never dated last."""
    published = link.source.first_published_at
    return published is not None, published, link.pk


def _group(title: str, pages: Iterable[BasePage], details: Mapping[int, str]) -> LinkGroup:
    every = list(pages)
    shown = tuple(
        LinkedPage(page.pk, page.title, page.get_url() or "", kind_of(page), details.get(page.pk, ""))
        for page in every[:MAX_SHOWN]
    )
    return LinkGroup(title, shown, len(every) - len(shown))


def kind_of(page: BasePage) -> str:
    """« Retour d’expérience »."""
    return capfirst(str(page.specific_class._meta.verbose_name))
