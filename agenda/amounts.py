"""Amounts in euros and rates in percent, as people write them and as pages show them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

from territoires_en_commun.base.formats import grouped

MAX_EUROS = 10**12
MAX_RATE = 100
UNITS = {"k": 10**3, "m": 10**6, "million": 10**6, "md": 10**9, "milliard": 10**9}
EURO = r"\s?(?:€|euros?|eur)?"
PLAIN = re.compile(rf"(\d{{1,3}}(?:[ .]\d{{3}})+|\d+)(?:[.,](\d{{1,2}}))?{EURO}")
WITH_UNIT = re.compile(rf"(\d+(?: \d{{3}})*)(?:[.,](\d+))?\s?(k|md|m|million|milliard)s?(?: d[e’'])?{EURO}")


def read_euros(text: str) -> int | None:
    """« 10 000 € », « 1,5 M€ », « 500 k€ » or « 2 milliards d’euros » in whole euros; None for an empty text.

    Raise ValidationError when the text is anything else.
    """
    words = " ".join(text.lower().split())
    if not words:
        return None
    if match := PLAIN.fullmatch(words):
        whole, part, factor = match[1], match[2], 1
    elif match := WITH_UNIT.fullmatch(words):
        whole, part, factor = match[1], match[2], UNITS[match[3]]
    else:
        raise ValidationError(f"« {text} » n’est pas un montant, comme 10 000 € ou 1,5 M€.")
    number = Decimal(f"{re.sub('[ .]', '', whole)}.{part or 0}")
    euros = int((number * factor).quantize(Decimal(1), ROUND_HALF_UP))
    if euros > MAX_EUROS:
        raise ValidationError(f"« {text} » dépasse mille milliards d’euros : vérifiez l’unité.")
    return euros


def euros(amount: int) -> str:
    """« 10 000 € »."""
    return f"{grouped(amount)}\u00a0€"


def percent(rate: int) -> str:
    """« 80 % »."""
    return f"{rate}\u00a0%"


def amounts(least: int | None, most: int | None) -> str:
    """« de 10 000 € à 50 000 € », « jusqu’à 50 000 € », « à partir de 10 000 € »; empty when nothing is said."""
    return _between(least, most, euros, "à partir de")


def rates(least: int | None, most: int | None) -> str:
    """« de 20 % à 80 % », « jusqu’à 80 % », « au moins 20 % »; empty when nothing is said."""
    return _between(least, most, percent, "au moins")


def _between(least: int | None, most: int | None, show, at_least: str) -> str:
    if least is not None and most is not None:
        return show(most) if least == most else f"de {show(least)} à {show(most)}"
    if most is not None:
        return f"jusqu’à {show(most)}"
    return f"{at_least} {show(least)}" if least is not None else ""
