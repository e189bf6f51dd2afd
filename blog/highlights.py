"""The latest articles, for the pages that quote some."""

from django.http import HttpRequest

from blog.listings import ArticleListing
from territoires_en_commun.base.listing.display import Row


def latest_articles(count: int) -> list[Row]:
    """The latest articles that any visitor may read; for each ``row``::

    {% include "components/card.html" with title=row.page.title url=row.url level=3 text=row.page.summary
       detail=row.detail tags=row.tags image=row.page.image image_alt="" only %}
    """
    return ArticleListing(HttpRequest()).latest(count)
