"""The listing of this room."""

from django.db.models import QuerySet

from territoires_en_commun.base.listing import Listing
from territoires_en_commun.base.models import BasePage


class ArticleListing(Listing):
    """The articles of the blog."""

    nouns = ("article", "articles")
    no_result = "Aucun article"
    search_label = "Rechercher un article"
    results_title = "Articles"

    def pages(self) -> QuerySet:
        return BasePage.objects.none()
