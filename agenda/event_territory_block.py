"""The block of « Ma commune » that events register: those that concern the place, or happen there, the next first."""

from datetime import datetime

from django.utils.http import urlencode

from agenda.event_listings import TERRITORY, EventListing
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 4


@territory_blocks.register("events", order=250)
def events_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The events to come for this territory or in it, and a link to the agenda filtered alike."""
    listing = EventListing.quoted()
    containers = [container.pk for container in territory.containers]
    concerned = frozenset(TERRITORY.concerned(listing.part(TERRITORY), territory.pk, containers))
    rows = listing.coming_rows(SHOWN, concerned)
    if not rows:
        return None
    return TerritoryBlock(
        title="Prochains événements",
        template="agenda/event/territory_block.html",
        context={
            "rows": rows,
            "more_url": f"{section_url(rows[0].page)}?{urlencode({'territoire': territory.key})}",
        },
    )
