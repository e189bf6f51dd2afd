"""The latest articles, for the pages that quote some."""

from blog.listings import ArticleListing
from territoires_en_commun.base.listing.display import Row


def latest_articles(count: int) -> list[Row]:
    """The latest articles that any visitor may read; for each ``row``::

    {% include "components/card.html" with title=row.page.title url=row.url level=3 text=row.page.summary
       detail=row.detail image=row.page.image image_alt="" only %}
    """
    listing = ArticleListing.quoted()
    return listing.rows_among(listing.light_pages().order_by("-published_on", "-pk"), count)
