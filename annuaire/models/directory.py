"""The page that lists the actors."""

from territoires_en_commun.base.models import BasePage


class DirectoryPage(BasePage):
    """The directory: the list of actors, by territory, type, theme and programme."""

    is_content = False

    parent_page_types = ["home.HomePage"]
    subpage_types = ["annuaire.ActorPage"]
    max_count = 1

    class Meta:
        verbose_name = "annuaire"
        verbose_name_plural = "annuaires"

    def serve(self, request, *args, **kwargs):
        """The listing, or its file."""
        from annuaire.listings import DirectoryListing

        listing = DirectoryListing(request)
        context = self.get_context(request, *args, **kwargs)
        return listing.respond(self.get_template(request), context)
