"""The addresses of territories for search engines, in files of at most 10,000."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.utils.functional import cached_property

from territoires_en_commun.territories.models import Territory, TerritoryImport, TerritoryType

from .addresses import Place

LISTED = (
    TerritoryType.COMMUNE,
    TerritoryType.ARRONDISSEMENT,
    TerritoryType.EPCI,
    TerritoryType.EPT,
    TerritoryType.DEPARTEMENT,
    TerritoryType.REGION,
    TerritoryType.PAYS,
)


class TerritorySitemap(Sitemap):
    """The territories in force that have a page; all changed with the latest import."""

    limit = 10_000

    def items(self) -> QuerySet:
        return (
            Territory.objects.active()
            .filter(type__in=LISTED)
            .order_by("pk")
            .values_list("slug", "code", "type", "name")
        )

    def location(self, item: tuple[str, str, str, str]) -> str:
        return Place(*item).get_absolute_url()

    @cached_property
    def imported_at(self) -> datetime | None:
        """When the map last changed."""
        return TerritoryImport.objects.order_by("-pk").values_list("imported_at", flat=True).first()

    def lastmod(self, item: tuple[str, str, str, str]) -> datetime | None:
        return self.imported_at

    def get_latest_lastmod(self) -> datetime | None:
        return self.imported_at
