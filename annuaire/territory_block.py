"""The block of « Ma commune » that the directory registers: who covers the territory, nearest first."""

from datetime import datetime

from django.utils.http import urlencode

from annuaire.listings import DirectoryListing
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.registry import TerritoryBlock, territory_blocks
from territoires_en_commun.territories.models import Territory

SHOWN = 6


@territory_blocks.register("actors", order=200)
def actors_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The nearest actors, and a link to all of them."""
    listing = DirectoryListing.quoted()
    pks = listing.concerned(territory)
    rows = listing.quoted_rows(pks[:SHOWN])
    if not rows:
        return None
    directory = section_url(rows[0].page)
    return TerritoryBlock(
        title="Acteurs",
        template="annuaire/territory_block.html",
        context={
            "rows": [
                {
                    "name": row.page.name,
                    "url": row.url,
                    "detail": row.detail,
                    "reason": listing.reason(row.page.pk, territory),
                }
                for row in rows
            ],
            "more_url": f"{directory}?{urlencode({'territoire': territory.key}, doseq=True)}",
            "more_label": f"Voir {listing.all_of(len(pks))}",
        },
    )
