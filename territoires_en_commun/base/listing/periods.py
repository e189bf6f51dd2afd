"""Lists by year and by month: the filters, and the archives that lead to them."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format

from .filters import Filter, Values

YEARS = "(?!0000)[0-9]{4}"  # every year that a date can have: whatever the archives link to is accepted
MONTHS = "(0[1-9]|1[0-2])"
Part = dict[str, frozenset[int]]  # the pages of each period


class PeriodFilter(Filter):
    """The pages whose day is in a period: « 2022 » or « 2022-03 ».

    ``lookup`` gives the day; ``said`` tells the period once it is in words (« Publié en {} »).
    """

    template = "components/listing/period_field.html"

    pattern = ""
    example = ""
    length = 0  # of the period at the beginning of a date in ISO 8601
    told = ""  # how it is told, as a format of date

    def __init__(self, name: str, label: str, *, lookup: str, said: str = "{}"):
        super().__init__(name, label)
        self.lookups = (lookup,)
        self.said = said

    def collect(self, pages: QuerySet, values: Values) -> Part:
        found = defaultdict(set)
        for pk, day in values[self.lookups[0]]:
            if day:
                found[day.isoformat()[: self.length]].add(pk)
        return {period: frozenset(pks) for period, pks in found.items()}

    def form_field(self, part: Part) -> forms.Field:
        return forms.RegexField(
            rf"^{self.pattern}\Z",
            required=False,
            label=self.label,
            widget=forms.HiddenInput,
            error_messages={"invalid": f"écrivez {self.example}"},
        )

    def select(self, value: str, part: Part, pages: QuerySet) -> frozenset[int]:
        return part.get(value, frozenset())

    def tell(self, raw: str, value: str, part: Any) -> str:
        return self.said.format(self.words(raw))

    def words(self, period: str) -> str:
        """« 2022 », « mars 2022 »."""
        return date_format(first_day(period), self.told)


class YearFilter(PeriodFilter):
    """The pages of a year."""

    pattern = YEARS
    example = "une année, comme 2022"
    length = len("2022")
    told = "Y"


class MonthFilter(PeriodFilter):
    """The pages of a month."""

    pattern = f"{YEARS}-{MONTHS}"
    example = "un mois, comme 2022-03"
    length = len("2022-03")
    told = "F Y"


class Archive(NamedTuple):
    """A period where there are results; the months of a year are told once it is chosen."""

    label: str
    url: str
    count: int
    is_current: bool
    months: list["Archive"]


def first_day(period: str) -> date:
    """The first day of « 2022 » or of « 2022-03 »."""
    return date.fromisoformat(f"{period}-01-01"[: len("2022-01-01")])
