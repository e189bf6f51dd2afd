"""The page that lists the actors."""

from territoires_en_commun.base.models import IndexPage


class DirectoryPage(IndexPage):
    """The directory: the list of actors, by territory, type, theme and programme."""

    listing = "annuaire.listings.DirectoryListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["annuaire.ActorPage"]
    max_count = 1

    class Meta:
        verbose_name = "annuaire"
        verbose_name_plural = "annuaires"
