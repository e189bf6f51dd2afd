"""The listing of the search page: every content of the site."""

from django.db.models import QuerySet

from territoires_en_commun.base.listing import (
    Listing,
    ProgrammeFacet,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
    TypeFacet,
)
from territoires_en_commun.base.models import BasePage

HOME_DEPTH = 2


class SearchListing(Listing):
    """All the pages of the site but its home."""

    filters = (TextFilter(), TypeFacet(), ThemeFacet(), ProgrammeFacet(), TerritoryFilter())
    search_label = "Rechercher sur le site"
    always_noindex = True

    def pages(self) -> QuerySet:
        return BasePage.objects.filter(depth__gt=HOME_DEPTH)

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.only("title", "summary", "url_path", "content_type", "first_published_at", "path", "depth")
