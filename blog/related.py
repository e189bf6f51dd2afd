"""The articles to read after another one: those that editors linked to it, then those that share its subjects."""

from collections import Counter
from collections.abc import Iterator

from blog.listings import LATEST, ArticleListing
from blog.models import ArticlePage
from territoires_en_commun.base.listing import TerritoryFilter, ThemeFacet

SHOWN = 4


def related_articles(
    article: ArticlePage, listing: ArticleListing, *, linked: list[int], themes: list[str], territories: list[int]
) -> list[int]:
    """Keys of at most four public articles, never itself; the same ones in the same order until something changes.

    ``linked`` are the pages that editors linked to the article, in order; ``themes`` (slugs) and ``territories``
    (keys) are its own. Nothing is read from the database but the snapshot of the listing, when it is old.
    """
    chosen = [pk for pk in linked if pk in listing.snapshot.pks and pk != article.pk][:SHOWN]
    shared = Counter(pk for pks in pages_on(listing, themes, territories) for pk in pks)
    for pk in (article.pk, *chosen):
        shared.pop(pk, None)
    # The order of the listing breaks ties: sorting keeps it.
    others = sorted((pk for pk in listing.snapshot.orders[LATEST.name] if pk in shared), key=lambda pk: -shared[pk])
    return [*chosen, *others][:SHOWN]


def pages_on(listing: ArticleListing, themes: list[str], territories: list[int]) -> Iterator[frozenset[int]]:
    """The articles on each of these subjects."""
    for filter_ in listing.filters:
        if isinstance(filter_, ThemeFacet):
            yield from (listing.part(filter_).pages.get(slug, frozenset()) for slug in themes)
        elif isinstance(filter_, TerritoryFilter):
            yield from (listing.part(filter_).at.get(pk, frozenset()) for pk in territories)
