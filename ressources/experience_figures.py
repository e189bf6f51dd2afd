"""The figures and dates of an experience, as French writes them."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format

from ressources.models import ExperiencePage
from territoires_en_commun.base.formats import euros, grouped

UNKNOWN_COST = "coût pas encore connu"
UNKNOWN_TIME = "temps passé pas encore connu"


def number(value: Decimal) -> str:
    """« 1 234,5 »: no more decimals than there are."""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    decimals = decimals.rstrip("0")
    sign = "\u2212" if value < 0 else ""
    return sign + grouped(int(whole)) + (f",{decimals}" if decimals else "")


def measure(value: Decimal | None, unit: str) -> str:
    """« 2,4 tonnes », « 410,50 € »; empty when a draft gives no value."""
    if value is None:
        return ""
    return euros(value) if unit == "€" and value >= 0 else f"{number(value)}\u00a0{unit}".strip()


def cost_label(page: ExperiencePage) -> str:
    """« 12 500 € », « aucun coût », « coût pas encore connu »; empty when a draft says nothing."""
    if page.cost is None:
        return UNKNOWN_COST if page.cost_unknown else ""
    return euros(page.cost) if page.cost else "aucun coût"


def time_label(page: ExperiencePage) -> str:
    """« 0,5 ETP », « temps passé pas encore connu »; empty when a draft says nothing."""
    if page.fte is None:
        return UNKNOWN_TIME if page.fte_unknown else ""
    return f"{number(page.fte)}\u00a0ETP"


def years_label(page: ExperiencePage) -> str:
    """« 2024 », « 2024 – 2025 », « depuis 2024 »; empty without a beginning."""
    if page.started_on is None:
        return ""
    first = page.started_on.year
    if page.ended_on is None:
        return f"à partir de {first}" if page.is_planned else f"depuis {first}"
    return f"{first}" if page.ended_on.year == first else f"{first} – {page.ended_on.year}"


def period_label(page: ExperiencePage) -> str:
    """« de mars 2024 à juin 2025 », « depuis mars 2024 », « à partir de mars 2027 »."""
    if page.started_on is None:
        return ""
    start = month(page.started_on)
    if page.ended_on is None:
        return f"à partir de {start}" if page.is_planned else f"depuis {start}"
    end = month(page.ended_on)
    return f"en {start}" if end == start else f"de {start} à {end}"


def duration_label(page: ExperiencePage) -> str:
    """« 16 mois » from the first day to the last, « moins d’un mois »; empty while it goes on."""
    if page.started_on is None or page.ended_on is None:
        return ""
    months = round((page.ended_on - page.started_on).days / 30.44)
    return f"{months}\u00a0mois" if months else "moins d’un mois"


def month(day: date) -> str:
    """« mars 2024 »."""
    return date_format(day, "F Y")
