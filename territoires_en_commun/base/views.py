"""The pages of territories."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from territoires_en_commun.territories.forms import CandidatesForm
from territoires_en_commun.territories.models import Territory, TerritoryType

from .addresses import Place
from .former import PARAMETER, FormerTerritoryField, former_notice
from .frame import json_ld
from .listing.forms import ListingForm
from .members import Members, members_fields
from .territory_page import TerritoryPage


@require_safe
def territory_page(request: HttpRequest, *, type: str, code: str, slug: str = "") -> HttpResponse:  # noqa: A002
    """« Ma commune en commun »: what the platform knows of a territory. Old codes lead to today's territory."""
    try:
        territory = Territory.objects.get_by_key(f"{type}:{code}")
    except Territory.DoesNotExist:
        context = {
            "code": code,
            "type_label": TerritoryType(type).label,
            "noindex": True,
            "search_form": CandidatesForm(),
        }
        return render(request, "base/territory_unknown.html", context, status=404)
    current = territory.current
    address = current.get_absolute_url()
    if current != territory:
        return redirect(f"{address}?{urlencode({PARAMETER: territory.key})}", permanent=True)
    if slug != territory.slug or request.path != address:
        return redirect(address, permanent=True)
    page = TerritoryPage(territory, timezone.now())
    form = ListingForm(request.GET, {**members_fields(), PARAMETER: FormerTerritoryField(territory)})
    members = Members(page.communes, form, address)
    asked = form.kept.get(PARAMETER)
    context = {
        "title": page.title + members.title_suffix,
        "description": page.description,
        "territory": territory,
        "sheet": page,
        "members": members,
        "former_notice": former_notice(asked, territory) if asked else "",
        "breadcrumb": page.breadcrumb,
        "canonical_url": members.url(members.page_number),
        "noindex": bool(members.name),
        "search_form": CandidatesForm(),
        "structured_data": json_ld(page.structured_data),
    }
    return render(request, "base/territory_page.html", context)


@require_safe
def territory_index(request: HttpRequest) -> HttpResponse:
    """Every région and département, for who prefers links to a search, robots included."""
    form = ListingForm(request.GET, {})
    columns = ("slug", "code", "type", "name")
    active = Territory.objects.active()
    regions = active.filter(type=TerritoryType.REGION).order_by("slug").values_list("pk", *columns)
    links = active.filter(type=TerritoryType.DEPARTEMENT, ancestor_links__ancestor__type=TerritoryType.REGION)
    departements: dict[int, list[Place]] = {}
    for region, *departement in links.order_by("code").values_list("ancestor_links__ancestor", *columns):
        departements.setdefault(region, []).append(Place(*departement))
    context = {
        "regions": [(Place(*region), departements.get(pk, [])) for pk, *region in regions],
        "ignored": form.ignored,
        "search_form": CandidatesForm(),
        "breadcrumb": [
            {"title": "Trouver une commune", "url": reverse("territory_search")},
            {"title": "Régions et départements", "url": request.path},
        ],
    }
    return render(request, "base/territory_index.html", context)
