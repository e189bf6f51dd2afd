"""What people type in the form that proposes an experience: dates and amounts."""

import calendar
import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from territoires_en_commun.base.page_imports.values import day_in_words, month_in_words

YEARS = range(1945, 2101)
DAY = re.compile(r"(?:(?P<day>[0-9]{1,2})[/.\- ])?(?P<month>[0-9]{1,2})[/.\- ](?P<year>[0-9]{4})")
ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?")
DATE_FORMAT = "un mois ou un jour, par exemple 03/2024 ou 12/03/2024"
SPACES = re.compile(r"[\s\u00a0\u202f]+")
CURRENCY = re.compile(r"(€|euros?|etp|%)$", re.IGNORECASE)


class DayOrMonth(NamedTuple):
    """A day; the first of its month when only the month is known."""

    date: date
    month_only: bool

    @property
    def end(self) -> date:
        """The day, or the last one of the month."""
        if not self.month_only:
            return self.date
        return self.date.replace(day=calendar.monthrange(self.date.year, self.date.month)[1])


class DayOrMonthField(forms.Field):
    """A day or a month as French people write them: « 03/2024 », « 12/03/2024 », « 1er mars 2024 », « janv. 2024 »."""

    widget = forms.TextInput
    default_error_messages = {"invalid": f"Indiquez {DATE_FORMAT}."}

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", f"Format attendu : {DATE_FORMAT}.")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> DayOrMonth | None:
        text = SPACES.sub(" ", str(value or "")).strip()
        if not text:
            return None
        found = day_or_month(text)
        if found is None or found.date.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def day_or_month(text: str) -> DayOrMonth | None:
    """What a text says, in digits or in words; None when it is anything else, or no such day."""
    if match := DAY.fullmatch(text) or ISO_DAY.fullmatch(text):
        try:
            return DayOrMonth(date(int(match["year"]), int(match["month"]), int(match["day"] or 1)), not match["day"])
        except ValueError:
            return None
    if day := day_in_words(text):
        return DayOrMonth(day, False)
    month = month_in_words(text)
    return DayOrMonth(month, True) if month else None


class AmountField(forms.DecimalField):
    """A number as French people write it: « 12 500,50 € »; whatever is wrong, one sentence gives an ``example``."""

    widget = forms.TextInput

    def __init__(self, *, example: str, error_messages: dict[str, str] | None = None, **kwargs):
        self.sentence = f"Indiquez un nombre en chiffres, par exemple {example}."
        messages = {"invalid": self.sentence} | (error_messages or {})
        super().__init__(decimal_places=2, error_messages=messages, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Decimal | None:
        text = CURRENCY.sub("", SPACES.sub("", str(value or ""))).replace("\u2212", "-")
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        return super().to_python(text)

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError as error:
            raise ValidationError(self.sentence, code="invalid") from error
