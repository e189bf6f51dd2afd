"""The block of « Ma commune » that the directory registers: who covers the territory, nearest first."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.http import urlencode

from annuaire.listings import DirectoryListing
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 6


@territory_blocks.register("actors", order=200)
def actors_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The nearest actors, and a link to all of them."""
    listing = DirectoryListing(HttpRequest())
    pks = listing.concerned(territory)
    actors = listing.read(pks[:SHOWN], listing.item_pages(listing.light_pages()))
    if not actors:
        return None
    directory = section_url(actors[0])
    return TerritoryBlock(
        title="Acteurs",
        template="annuaire/territory_block.html",
        context={
            "rows": [
                {
                    "name": actor.name,
                    "url": actor.get_url(),
                    "detail": listing.detail(actor),
                    "reason": listing.reason(actor.pk, territory),
                }
                for actor in actors
            ],
            "more_url": f"{directory}?{urlencode({'territoire': territory.key}, doseq=True)}",
            "more_label": f"Voir {listing.all_of(len(pks))}",
        },
    )
