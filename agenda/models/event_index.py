"""The page that lists the events."""

from territoires_en_commun.base.models import IndexPage


class EventIndexPage(IndexPage):
    """The agenda: what comes next first."""

    listing = "agenda.events.listings.EventListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["agenda.EventPage"]
    max_count = 1

    class Meta:
        verbose_name = "agenda"
        verbose_name_plural = "agendas"
