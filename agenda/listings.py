"""The listings of this room."""

from django.db.models import QuerySet

from territoires_en_commun.base.listing import Listing
from territoires_en_commun.base.models import BasePage


class CallListing(Listing):
    """The calls for projects."""

    nouns = ("appel à projets", "appels à projets")
    no_result = "Aucun appel à projets"
    search_label = "Rechercher un appel à projets"
    results_title = "Appels à projets"

    def pages(self) -> QuerySet:
        return BasePage.objects.none()
