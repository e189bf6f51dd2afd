"""The bands of population in which communes look alike: those of the INSEE and DGCL tables on communes."""

from bisect import bisect_right

from territoires_en_commun.base.formats import grouped
from territoires_en_commun.territories.models import Territory, TerritoryType

LIMITS = (500, 2_000, 5_000, 10_000, 20_000, 50_000)  # inhabitants; a band holds its lower limit


def band_of(type_: str, population: int | None) -> int | None:
    """The rank of a commune's band, from 0; None for other territories and unknown populations."""
    if type_ != TerritoryType.COMMUNE or population is None:
        return None
    return bisect_right(LIMITS, population)


def band_label(band: int) -> str:
    """« moins de 500 habitants », « 500 à 2 000 habitants », « plus de 50 000 habitants »."""
    if band == 0:
        return f"moins de {grouped(LIMITS[0])}\u00a0habitants"
    if band == len(LIMITS):
        return f"plus de {grouped(LIMITS[-1])}\u00a0habitants"
    return f"{grouped(LIMITS[band - 1])} à {grouped(LIMITS[band])}\u00a0habitants"


def band_label_of(territory: Territory) -> str:
    """The band of a territory in words; empty when it has none."""
    band = band_of(territory.type, territory.population)
    return "" if band is None else band_label(band)


def inhabitants(population: int | None) -> str:
    """« 1 234 habitants », empty when unknown."""
    if population is None:
        return ""
    return f"{grouped(population)}\u00a0habitant{'s' if population > 1 else ''}"
