"""The listings of this room."""

from django.db.models import QuerySet

from territoires_en_commun.base.listing import Listing
from territoires_en_commun.base.models import BasePage


class ResourceListing(Listing):
    """Kits, tools and trainings."""

    nouns = ("ressource", "ressources")
    no_result = "Aucune ressource"
    search_label = "Rechercher une ressource"
    results_title = "Ressources"

    def pages(self) -> QuerySet:
        return BasePage.objects.none()
