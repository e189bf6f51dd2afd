"""What the fiches of kits and trainings share, ready for their templates."""

from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from territoires_en_commun.base.formats import grouped
from territoires_en_commun.base.links import LinkGroup, link_groups
from territoires_en_commun.base.listing.links import topic_links
from territoires_en_commun.base.listing.sorts import folded
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.site_info import Link

MANY_TERRITORIES = 6


class Fact(NamedTuple):
    """A line of the fiche in short; ``url`` leads further, out of the site when ``is_external``."""

    label: str
    text: str
    url: str = ""
    is_external: bool = False


class ResourceSheet:
    """The data of one fiche; each property queries once."""

    def __init__(self, page: BasePage):
        self.page = page

    @cached_property
    def index_url(self) -> str:
        """The address of the resource centre."""
        return (self.page.get_url() or "").removesuffix(f"{self.page.slug}/")

    @property
    def report_url(self) -> str:
        """Where an error is reported; empty for a page that was never saved."""
        return reverse("report_error", args=[self.page.pk]) if self.page.pk else ""

    @cached_property
    def audiences(self) -> list[str]:
        """Those whom the page is for, by name."""
        return sorted({audience.current.name for audience in self.page.audiences.all()}, key=folded)

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
        names = sorted((place.name for place in self.page.territories.all()), key=folded)
        return ", ".join(names) if len(names) <= MANY_TERRITORIES else f"{grouped(len(names))}\u00a0territoires"

    @cached_property
    def themes(self) -> list[Link]:
        """The themes, each leading to the resources that share it."""
        return topic_links(self.page.themes.all(), self.index_url, "thematique")

    @cached_property
    def programmes(self) -> list[Link]:
        """The programmes of the State, each leading to the resources that share it."""
        return topic_links(self.page.programmes.all(), self.index_url, "programme")

    @cached_property
    def linked(self) -> list[LinkGroup]:
        """The other pages that go with this one."""
        return link_groups(self.page)

    @property
    def publisher(self) -> list[Fact]:
        """The partner who publishes the page, if any."""
        partner = self.page.partner.current if self.page.partner else None
        return [Fact("Proposé par", partner.name, partner.website, is_external=True)] if partner else []
