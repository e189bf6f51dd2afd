"""The block of « Ma commune » that calls register: those open to the place, the soonest to close first."""

from datetime import datetime

from django.utils.http import urlencode

from agenda.calls.listings import TERRITORY, CallListing
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 4


@territory_blocks.register("calls", order=300)
def open_calls_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The open calls of which a territory covers this one, and a link to all that concern it."""
    listing = CallListing.quoted()
    at = listing.part(TERRITORY).at
    covering = frozenset().union(*(at.get(place.pk, ()) for place in (territory, *territory.containers)))
    rows = listing.quoted_rows(listing.open_ones(covering)[:SHOWN])
    if not rows:
        return None
    index_url = section_url(rows[0].page)
    return TerritoryBlock(
        title="Appels à projets ouverts",
        template="agenda/territory_block.html",
        context={"rows": rows, "more_url": f"{index_url}?{urlencode({'territoire': territory.key})}"},
    )
