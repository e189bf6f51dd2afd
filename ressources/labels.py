"""How long and how much, in French."""

from decimal import Decimal

from territoires_en_commun.base.formats import euros, grouped


def hours_label(hours: Decimal | None) -> str:
    """« 3,5 heures », « 1 heure »; empty when not known."""
    if not hours:
        return ""
    number = f"{hours:f}".rstrip("0").rstrip(".") if hours % 1 else grouped(int(hours))
    return f"{number.replace('.', ',')}\u00a0heure{'s' if hours >= 2 else ''}"


def price_label(is_free: bool, price: Decimal | None) -> str:
    """« gratuite », « 1 250 € », « 99,50 € »; empty when not known."""
    if is_free:
        return "gratuite"
    return "" if price is None else euros(price)


def iso_hours(hours: Decimal) -> str:
    """A number of hours as ISO 8601 says it: « PT3H30M »."""
    minutes = int(hours * 60)
    return f"PT{minutes // 60}H" + (f"{minutes % 60}M" if minutes % 60 else "")
