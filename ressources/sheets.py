"""What the fiches of kits and trainings share, ready for their templates."""

from functools import cached_property
from typing import NamedTuple

from territoires_en_commun.base.formats import grouped
from territoires_en_commun.base.listing.sorts import folded
from territoires_en_commun.base.sheets import PageSheet

MANY_TERRITORIES = 6


class Fact(NamedTuple):
    """A line of the fiche in short; ``url`` leads further, out of the site when ``is_external``."""

    label: str
    text: str
    url: str = ""
    is_external: bool = False


class ResourceSheet(PageSheet):
    """The data of one fiche; each property queries once."""

    @cached_property
    def audiences(self) -> list[str]:
        """Those whom the page is for, by name."""
        return sorted({audience.current.name for audience in self.terms("audiences")}, key=folded)

    @property
    def audience(self) -> str:
        """« Associations, Élus », « Tous les publics »."""
        return ", ".join(self.audiences) or "Tous les publics"

    @property
    def schema_audience(self) -> list[dict[str, str]]:
        """Those whom the page is for, as schema.org says them."""
        return [{"@type": "Audience", "audienceType": name} for name in self.audiences]

    @property
    def places(self) -> str:
        """The territories of which the page speaks, by name; « 12 territoires » when they are many."""
        names = sorted((place.name for place in self.terms("territories")), key=folded)
        return ", ".join(names) if len(names) <= MANY_TERRITORIES else f"{grouped(len(names))}\u00a0territoires"

    @property
    def publisher(self) -> list[Fact]:
        """The partner who publishes the page, if any."""
        partner = self.page.partner.current if self.page.partner else None
        return [Fact("Proposé par", partner.name, partner.website, is_external=True)] if partner else []
