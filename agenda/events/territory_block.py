"""The block of « Ma commune » that events register: those that concern the place, or happen there, the next first."""

from datetime import datetime

from django.db.models import Q
from django.utils.http import urlencode

from agenda.events.listings import EventListing
from agenda.models import EventPage
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 4


@territory_blocks.register("events", order=250)
def events_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The events to come for this territory or in it, and a link to the agenda filtered alike.

    One query at each visit, and nothing kept: what is next is true to the minute.
    """
    here = EventPage.objects.order_by().filter(concern(territory)).values("pk")
    rows = EventListing.quoted().next_rows(SHOWN, Q(event__in=here))
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


def concern(territory: Territory) -> Q:
    """What ``EventTerritory`` keeps: events for the place, for what contains it or what it contains, or held there."""
    around = Q(territories__in=[territory, *territory.containers])
    within = Q(territories__ancestor_links__ancestor=territory.pk)
    return around | within | Q(commune__ancestor_links__ancestor=territory.pk)
