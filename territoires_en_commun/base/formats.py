"""How French writes numbers, amounts, days and telephone numbers."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

import phonenumbers
from django.utils.formats import date_format
from phonenumber_field.phonenumber import PhoneNumber

# The codes of metropolitan France and of overseas, which dial one another by ten digits (Arcep).
TEN_DIGITS = {33, 262, 508, 590, 594, 596}


def grouped(number: int) -> str:
    """« 1 234 567 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f")


def euros(amount: Decimal | int) -> str:
    """« 12 500 € », « 99,90 € »: cents only when there are some."""
    whole, cents = f"{amount:.2f}".split(".")
    return f"{grouped(int(whole))}{'' if cents == '00' else f',{cents}'}\u00a0€"


def minutes(seconds: int) -> str:
    """« 1 minute », « 12 minutes »: how long to wait, never too short."""
    count = -(-seconds // 60)
    return f"{count} minute{'s' if count > 1 else ''}"


@lru_cache(maxsize=4096)
def full_date(day: date) -> str:
    """« 3 mars 2027 », as templates write it by default; lists ask it of the same days again and again."""
    return date_format(day, "j F Y")


def long_date(day: date) -> str:
    """« 3 mars 2027 », « 1er avril 2027 », with no-break spaces."""
    return f"{_rank(day)}\u00a0{date_format(day, 'F')}\u00a0{day.year}"


def from_to(start: date, end: date) -> str:
    """« du 3 au 17 mars 2027 », « du 3 mars au 1er avril 2027 », « du 3 mars 2027 au 2 janvier 2028 »."""
    begun = long_date(start)
    if start.year == end.year:
        begun = _rank(start) if start.month == end.month else f"{_rank(start)}\u00a0{date_format(start, 'F')}"
    return f"du\u00a0{begun} au\u00a0{long_date(end)}"


def _rank(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def dialled_in_france(number: PhoneNumber) -> str:
    """« 05 56 00 00 00 », « 0590 20 12 34 »; « 00 32 2 123 45 67 » for those of other plans."""
    if number.country_code in TEN_DIGITS:
        return number.as_national
    return phonenumbers.format_out_of_country_calling_number(number, "FR")
