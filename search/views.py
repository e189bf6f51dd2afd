"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from territoires_en_commun.territories.search import TerritoryHit, search_territories

from . import log
from .forms import SuggestionsForm
from .listings import SearchListing
from .services import results_of
from .suggestions import suggest

MAX_TERRITORIES = 3


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Contents that answer a query, under the territories that the query names."""
    listing = results_of(request)
    context = {
        "title": f"Recherche{listing.title_suffix}",
        "territories": named_territories(listing),
        "breadcrumb": [{"title": "Recherche", "url": request.path}],
        "click_token": log.record(listing),
    }
    return listing.respond("search/search_page.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What is proposed to who is typing, as a list to put under the field; nothing for a wrong text."""
    form = SuggestionsForm(request.GET)
    groups = suggest(form.cleaned_data["q"]).groups if form.is_valid() else []
    return render(request, "search/suggestions.html", {"groups": groups})


def named_territories(listing: SearchListing) -> list[TerritoryHit]:
    """The territories that bear the name typed; when nothing at all bears it, those that it resembles.

    Who chose a territory already is not asked whether they meant another one.
    """
    if not listing.query:
        return []
    hits = search_territories(listing.query, approximate=False)
    exact = [hit for hit in hits if hit.exact]
    if not exact and not listing.count and not listing.values.get("territoire"):
        return search_territories(listing.query, limit=MAX_TERRITORIES)
    return exact[:MAX_TERRITORIES]
