"""The block of « Ma commune » that base itself registers: the latest contents that concern the territory."""

from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import get_page_models

from territoires_en_commun.territories.models import Territory

from .formats import grouped
from .listing import Listing, TerritoryFilter
from .listing.snapshot import Parts
from .listing.territory import TerritoryPart, links_of_all_pages
from .models import BasePage
from .registry import TerritoryBlock, territory_blocks

SHOWN = 6
TERRITORY = TerritoryFilter()


class TerritoryContents(Listing):
    """All the contents of the site, by territory: nothing is asked of the database between two publications."""

    filters = (TERRITORY,)
    sorts = ()

    def pages(self) -> QuerySet:
        return BasePage.objects.not_type(*types_with_own_block())

    def _take(self) -> dict[str, Any]:
        """As its parent's, from what the blocks of the other rooms read on the page of a territory."""
        others = {ContentType.objects.get_for_model(model).pk for model in types_with_own_block()}
        links = [link for link in links_of_all_pages() if link[-1] not in others]
        part = TerritoryPart.of(links)
        pks = frozenset(link[0] for link in links)
        return {"pks": pks, "orders": {}, "parts": Parts({TERRITORY.name: lambda: part})}


@cache
def types_with_own_block() -> tuple[type[BasePage], ...]:
    """The page types that a room shows in a block of its own."""
    return tuple(model for model in get_page_models() if getattr(model, "has_own_territory_block", False))


@territory_blocks.register("contents", order=900)
def latest_contents(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The contents that concern the territory: its own first, then those of what contains it."""
    contents = TerritoryContents.quoted()
    containers = [container.pk for container in territory.containers]
    pks = TERRITORY.concerned(contents.part(TERRITORY), territory.pk, containers)
    if not pks:
        return None
    return TerritoryBlock(
        title="Contenus utiles ici",
        template="base/territory/contents.html",
        context={
            "pages": [{"page": row.page, "url": row.url} for row in contents.quoted_rows(pks[:SHOWN])],
            "more_url": f"{reverse('search')}?{urlencode({'territoire': territory.key})}" if len(pks) > SHOWN else "",
            "count": grouped(len(pks)),
        },
    )
