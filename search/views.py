"""The search page."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from territoires_en_commun.territories.search import search_territories

from .listings import SearchListing

MAX_TERRITORIES = 3


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Contents that answer a query, under the territories that bear the name typed."""
    listing = SearchListing(request)
    hits = search_territories(listing.query) if listing.query else []
    territories = [hit for hit in hits if hit.exact][:MAX_TERRITORIES]
    context = {"territories": territories, "breadcrumb": [{"title": "Recherche", "url": request.path}]}
    return listing.respond("search/search_page.html", context)
