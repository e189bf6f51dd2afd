"""Answers to the scripts of the editing space."""

from django import forms
from django.db.models import Q
from django.http import HttpRequest, JsonResponse

from territoires_en_commun.territories.models import Territory
from territoires_en_commun.territories.search import search_territories


class TerritoryQueryForm(forms.Form):
    """What an editor typed in the territory field."""

    q = forms.CharField(min_length=2, max_length=100)


def territory_options(request: HttpRequest) -> JsonResponse:
    """The territories that answer to ``q``, best first, with the keys of their rows (JSON: ``resultats``)."""
    form = TerritoryQueryForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"resultats": []}, status=400)
    hits = search_territories(form.cleaned_data["q"], limit=10)
    wanted = Q(pk__in=[])
    for hit in hits:
        wanted |= Q(type=hit.type, code=hit.code)
    keys = {(row.type, row.code): row.pk for row in Territory.objects.filter(wanted).only("type", "code")}
    results = [
        {"pk": keys[hit.type, hit.code], "nom": hit.name, "precision": hit.precision}
        for hit in hits
        if (hit.type, hit.code) in keys
    ]
    return JsonResponse({"resultats": results})
