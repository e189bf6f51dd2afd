"""The block of « Ma commune » that calls register: those open to the place, the soonest to close first."""

from datetime import datetime

from django.db.models import F
from django.utils.http import urlencode

from agenda.listings import CallListing
from agenda.models import CallPage
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 4


@territory_blocks.register("calls", order=300)
def open_calls_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The open calls of which a territory covers this one, and a link to all that concern it."""
    listing = CallListing.quoted()
    covering = CallPage.territories.through.objects.filter(territory__in=[territory, *territory.containers])
    calls = listing.light_pages().filter(pk__in=covering.values("basepage")).open(now)
    rows = listing.rows_among(calls.order_by(F("closes_on").asc(nulls_last=True), "pk"), SHOWN)
    if not rows:
        return None
    index_url = section_url(rows[0].page)
    return TerritoryBlock(
        title="Appels à projets ouverts",
        template="agenda/territory_block.html",
        context={"rows": rows, "more_url": f"{index_url}?{urlencode({'territoire': territory.key})}"},
    )
