"""The page that lists the calls."""

from territoires_en_commun.base.models import IndexPage


class CallIndexPage(IndexPage):
    """The calls for projects, the soonest to close first."""

    listing = "agenda.calls.listings.CallListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["agenda.CallPage"]
    max_count = 1

    class Meta:
        verbose_name = "liste des appels à projets"
        verbose_name_plural = "listes des appels à projets"
