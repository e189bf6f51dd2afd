"""Calls for projects."""

from territoires_en_commun.base.models import IndexPage


class CallIndexPage(IndexPage):
    """The calls for projects, open ones first."""

    listing = "agenda.listings.CallListing"

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "liste des appels à projets"
        verbose_name_plural = "listes des appels à projets"
