"""Amounts in euros, as people write them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

MAX_EUROS = 10**12
UNITS = {"k": 10**3, "m": 10**6, "million": 10**6, "md": 10**9, "milliard": 10**9}
EURO = r"\s?(?:€|euros?|eur)?"
PLAIN = re.compile(rf"(\d{{1,3}}(?:[ .]\d{{3}})+|\d+)(?:[.,](\d{{1,2}}))?{EURO}")
WITH_UNIT = re.compile(rf"(\d+(?: \d{{3}})*)(?:[.,](\d+))?\s?(k|md|m|million|milliard)s?(?: d[e’'])?{EURO}")
CENT = Decimal("0.01")


def read_exact_euros(text: str) -> Decimal | None:
    """« 10 000 € », « 99,90 € », « 1,5 M€ », « 500 k€ » or « 2 milliards d’euros », to the cent; None for no text.

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
    amount = Decimal(f"{re.sub('[ .]', '', whole)}.{part or 0}") * factor
    if amount > MAX_EUROS:
        raise ValidationError(f"« {text} » dépasse mille milliards d’euros : vérifiez l’unité.")
    return amount.quantize(CENT, ROUND_HALF_UP)


def read_euros(text: str) -> int | None:
    """As :func:`read_exact_euros`, in whole euros."""
    amount = read_exact_euros(text)
    return None if amount is None else int(amount.quantize(Decimal(1), ROUND_HALF_UP))
