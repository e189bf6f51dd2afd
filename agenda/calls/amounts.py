"""Amounts in euros and rates in percent, as pages show them."""

from territoires_en_commun.base.formats import euros

MAX_RATE = 100


def percent(rate: int) -> str:
    """« 80 % »."""
    return f"{rate}\u00a0%"


def amounts(least: int | None, most: int | None) -> str:
    """« de 10 000 € à 50 000 € », « jusqu’à 50 000 € », « à partir de 10 000 € »; empty when nothing is said.

    « À partir de 0 € » says nothing.
    """
    return _between(least, most, euros, "à partir de")


def rates(least: int | None, most: int | None) -> str:
    """« de 20 % à 80 % », « jusqu’à 80 % », « au moins 20 % »; empty when nothing is said."""
    return _between(least, most, percent, "au moins")


def _between(least: int | None, most: int | None, show, at_least: str) -> str:
    if least is not None and most is not None:
        return show(most) if least == most else f"de {show(least)} à {show(most)}"
    if most is not None:
        return f"jusqu’à {show(most)}"
    return f"{at_least} {show(least)}" if least else ""
