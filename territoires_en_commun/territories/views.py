"""The page of candidates: where the territory form goes without JavaScript."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .forms import CandidatesForm, resolve
from .search import MAX_RESULTS, search_territories
from .search.query import as_code


@require_safe
def territory_search(request: HttpRequest) -> HttpResponse:
    """The territories that answer to ``q``; an official code or a key that a single one bears leads to its page."""
    form = CandidatesForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    hits = search_territories(query, limit=MAX_RESULTS) if query else []
    if query and as_code(query) and (sure := resolve(query).hit) and len(hits) == 1:
        return redirect(sure.url)
    # Nothing is close to the whole text: what begins like it is better than a dead end.
    proposals = search_territories(query[:4], limit=5) if query and not hits else []
    context = {
        "form": form,
        "query": query,
        "hits": hits,
        "most": MAX_RESULTS,
        "proposals": proposals,
        "ways_out": [
            {"label": "Parcourir les régions et les départements", "url": reverse("territory_index")},
            {"label": "Revenir à l’accueil", "url": "/"},
        ],
        "breadcrumb": [{"title": "Trouver un territoire", "url": request.path}],
        "canonical_url": request.path,
        "noindex": "q" in request.GET,
    }
    return render(request, "territories/territory_search.html", context)
