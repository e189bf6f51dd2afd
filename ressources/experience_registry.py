"""What experiences add to pages of other rooms: « Ma commune », and the fiche of their holder."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.http import urlencode

from annuaire.models import ActorPage
from ressources.experience_listing import TERRITORY, ExperienceListing, ExperienceRow
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import TerritoryBlock, linked_pages, territory_blocks
from territoires_en_commun.territories.models import Territory, TerritoryType

SHOWN_HERE = 4
SHOWN = 6
HERE = "Vécue ici"
CONCERNED = "Concerne ce territoire"


class NearRow(NamedTuple):
    """An experience on the page of a territory."""

    title: str
    url: str
    detail: str
    reason: str


@territory_blocks.register("experiences", order=300)
def experiences_of_territory(territory: Territory, now: datetime) -> TerritoryBlock | None:
    """The experiences of the place and of what contains it, then those of communes like it, each with its reason."""
    listing = ExperienceListing.quoted()
    if not listing.snapshot.pks:
        return None
    here = TERRITORY.concerned(
        listing.part(TERRITORY), territory.pk, [container.pk for container in territory.containers]
    )
    here = listing.without_archives(here)
    likeness = listing.likeness_of(territory) if territory.type == TerritoryType.COMMUNE else None
    alike = listing.without_archives(likeness.ranked) if likeness else []
    reasons = dict.fromkeys(here[:SHOWN_HERE], CONCERNED)
    if likeness:
        reasons |= {pk: likeness.reason(pk) for pk in alike if pk not in reasons}
    rows = listing.quoted_rows(list(reasons)[:SHOWN])
    if not rows:
        return None
    index = section_url(rows[0].page)
    return TerritoryBlock(
        title="Expériences",
        template="ressources/experience_territory_block.html",
        context={
            "rows": [
                near_row(row, HERE if row.page.place_id == territory.pk else reasons[row.page.pk]) for row in rows
            ],
            "links": list(more_links(index, territory, listing, len(here), len(alike))),
        },
    )


def near_row(row: ExperienceRow, reason: str) -> NearRow:
    """An experience ready for its template."""
    return NearRow(row.page.title, row.url, ", ".join([row.place, *row.facts]), reason)


def more_links(
    index: str, territory: Territory, listing: ExperienceListing, here: int, alike: int
) -> Iterator[dict[str, str]]:
    """The whole lists from which the rows are taken."""
    if here > SHOWN_HERE:
        url = f"{index}?{urlencode({'territoire': territory.key})}"
        yield {"url": url, "label": f"Voir {listing.all_of(here)} d’ici et d’alentour"}
    if alike:
        url = f"{index}?{urlencode({'comme': territory.key})}"
        yield {"url": url, "label": f"Voir {listing.all_of(alike)} de communes comme celle-ci"}


@linked_pages.register("experiences", order=300)
def experiences_held(page: BasePage) -> Iterable[tuple[str, QuerySet]]:
    """On the fiche of an actor, the experiences that it led."""
    if not isinstance(page, ActorPage):
        return []
    held = page.experiences.filter(live=True).order_by("-started_on", "-pk")
    return [("Expériences portées", held)]
