"""Archives: the articles of a year or of a month, and how many there are in each."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format

from territoires_en_commun.base.listing import Filter
from territoires_en_commun.base.listing.filters import Values

YEARS = "(?!0000)[0-9]{4}"  # every year that a date can have: whatever the archives link to is accepted
Part = dict[str, frozenset[int]]  # the pages of each period


class PeriodFilter(Filter):
    """The articles whose date shown is in a period: « 2022 » or « 2022-03 »."""

    template = "blog/period_field.html"
    lookups = ("published_on",)

    pattern = ""
    example = ""
    length = 0  # of the period at the beginning of a date in ISO 8601
    told = ""  # how it is told, as a format of date

    def collect(self, pages: QuerySet, values: Values) -> Part:
        found = defaultdict(set)
        for pk, day in values["published_on"]:
            if day:
                found[day.isoformat()[: self.length]].add(pk)
        return {period: frozenset(pks) for period, pks in found.items()}

    def form_field(self, part: Part) -> forms.Field:
        return forms.RegexField(
            self.pattern,
            required=False,
            label=self.label,
            widget=forms.HiddenInput,
            error_messages={"invalid": f"écrivez {self.example}"},
        )

    def select(self, value: str, part: Part, pages: QuerySet) -> frozenset[int]:
        return part.get(value, frozenset())

    def tell(self, raw: str, value: str, part: Any) -> str:
        return f"Publié en {self.words(raw)}"

    def words(self, period: str) -> str:
        """« 2022 », « mars 2022 »."""
        return date_format(date.fromisoformat(f"{period}-01-01"[: len("2022-01-01")]), self.told)


class YearFilter(PeriodFilter):
    """The articles of a year."""

    pattern = rf"^{YEARS}\Z"
    example = "une année, comme 2022"
    length = len("2022")
    told = "Y"


class MonthFilter(PeriodFilter):
    """The articles of a month."""

    pattern = rf"^{YEARS}-(0[1-9]|1[0-2])\Z"
    example = "un mois, comme 2022-03"
    length = len("2022-03")
    told = "F Y"


YEAR = YearFilter("annee", "Année")
MONTH = MonthFilter("mois", "Mois")


class Archive(NamedTuple):
    """A period where there are results; the months of a year are told once it is chosen."""

    label: str
    url: str
    count: int
    is_current: bool
    months: list["Archive"]
