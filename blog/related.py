"""The articles to read after another one: those that editors linked to it, then those that share its subjects."""

from collections import Counter
from collections.abc import Iterable

from blog.listings import ArticleListing
from blog.models import ArticlePage
from territoires_en_commun.base.listing import TerritoryFilter, ThemeFacet
from territoires_en_commun.base.models import LinkKind, PageLink

SHOWN = 4


def related_articles(article: ArticlePage, listing: ArticleListing, *, themes: list[str], territories: list[int]):
    """Keys of at most four public articles, never itself; the same ones in the same order until something changes.

    ``themes`` (slugs) and ``territories`` (keys) are those of the article. Two queries, however many articles.
    """
    everything = listing.snapshot.pks
    chosen = [pk for pk in linked_articles(article) if pk in everything and pk != article.pk][:SHOWN]
    shared = Counter(pk for pks in pages_on(listing, themes, territories) for pk in pks)
    for pk in (article.pk, *chosen):
        shared.pop(pk, None)
    # The order of the listing breaks ties: sorting keeps it.
    others = sorted((pk for pk in listing.snapshot.orders["recent"] if pk in shared), key=lambda pk: -shared[pk])
    return [*chosen, *others][:SHOWN]


def linked_articles(article: ArticlePage) -> list[int]:
    """Keys of the pages linked as « voir aussi », those that the article names first."""
    if article.pk is None:
        return []
    links = PageLink.objects.filter(kind=LinkKind.RELATED)
    named = links.filter(source=article.pk).order_by("sort_order", "pk").values_list("target", flat=True)
    naming = links.filter(target=article.pk).order_by("-pk").values_list("source", flat=True)
    return list(dict.fromkeys([*named, *naming]))


def pages_on(listing: ArticleListing, themes: list[str], territories: list[int]) -> Iterable[frozenset[int]]:
    """The articles on each of these subjects."""
    for filter_ in listing.filters:
        if isinstance(filter_, ThemeFacet):
            yield from (listing.part(filter_).pages.get(slug, frozenset()) for slug in themes)
        elif isinstance(filter_, TerritoryFilter):
            yield from (listing.part(filter_).at.get(pk, frozenset()) for pk in territories)
