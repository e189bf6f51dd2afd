"""Two to four experiences side by side, section by section."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from ressources.experience_listing import ExperienceListing, place_label
from ressources.experience_sheet import ExperienceSheet, ShownIndicator
from ressources.models import ExperiencePage
from territoires_en_commun.base.listing.forms import IgnoredParameter, ListingForm, ValuesField
from territoires_en_commun.territories.models import TerritoryType

FEWEST, MOST = 2, 4
NUMBERS = {2: "deux", 3: "trois", 4: "quatre"}
SUGGESTED = 8
FACTS = {
    "Population": "population",
    "État du projet": "status_label",
    "Période": "period",
    "Coût": "cost",
    "Temps passé": "time",
}


@dataclass(frozen=True)
class Line:
    """A line of the table: what it compares, and a text for each experience."""

    title: str
    cells: list[str]


class Choice(NamedTuple):
    """An experience offered to the comparison."""

    pk: int
    title: str
    place: str
    is_chosen: bool


def choice_of(page: ExperiencePage, *, is_chosen: bool) -> Choice:
    """An experience as it is offered."""
    return Choice(page.pk, page.title, place_label(page), is_chosen)


class Comparison:
    """What a request compares, what it left aside and what it may compare instead."""

    def __init__(self, request: HttpRequest):
        self.listing = ExperienceListing(request)
        known = {str(pk) for pk in self.listing.snapshot.pks}
        field = ValuesField(known=known, label="Expériences", widget=CheckboxSelectMultiple)
        self.form = ListingForm(request.GET, {"id": field})

    @property
    def ignored(self) -> list[IgnoredParameter]:
        """The values that name no published experience, and the parameters that mean nothing."""
        return self.form.ignored

    @cached_property
    def asked(self) -> list[int]:
        """The published experiences asked, in the order of the request."""
        return [int(pk) for pk in self.form.kept.get("id", [])]

    @cached_property
    def chosen(self) -> list[ExperiencePage]:
        """The experiences asked, in the same order; none is read when there are too many to be compared."""
        if len(self.asked) > MOST:
            return []
        pages = self.listing.pages().select_related("place").prefetch_related("indicators")
        return self.listing.read(self.asked, pages)

    @property
    def count(self) -> int:
        """How many experiences are asked."""
        return len(self.asked) if len(self.asked) > MOST else len(self.chosen)

    @property
    def is_possible(self) -> bool:
        """Whether there are enough of them, and not too many."""
        return FEWEST <= self.count <= MOST

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"Comparer {NUMBERS[self.count]} expériences" if self.is_possible else "Comparer des expériences"

    @property
    def refusal(self) -> str:
        """Why nothing is compared yet; empty when nothing was asked."""
        if self.count > MOST:
            shown = len(self.choices)
            rest = f" Seules les {shown} premières sont reprises ci-dessous." if shown < self.count else ""
            return f"Quatre expériences au plus se comparent, et vous en avez choisi {self.count} : décochez-en.{rest}"
        return "Une seule expérience est choisie : cochez-en une autre." if self.count else ""

    # The table

    @cached_property
    def sheets(self) -> list[ExperienceSheet]:
        """The experiences compared."""
        return [ExperienceSheet(page) for page in self.chosen]

    @property
    def headings(self) -> list[dict[str, str]]:
        """The head of each column."""
        return [
            {"title": page.title, "url": page.get_url(), "place": place_label(page), "remove": self.url_without(page)}
            for page in self.chosen
        ]

    def url_without(self, page: ExperiencePage) -> str:
        """The comparison less one experience."""
        return "?" + "&".join(f"id={other.pk}" for other in self.chosen if other.pk != page.pk)

    @property
    def facts(self) -> list[Line]:
        """The lines of plain text."""
        return [
            Line(title, [getattr(sheet, name) or "Non connue" for sheet in self.sheets])
            for title, name in FACTS.items()
        ]

    @property
    def sections(self) -> list[Line]:
        """The lines of rich text, empty where it is not known yet."""
        columns = [sheet.sections for sheet in self.sheets]
        return [Line(cells[0].title, [cell.html for cell in cells]) for cells in zip(*columns, strict=True)]

    @property
    def indicators(self) -> list[list[ShownIndicator]]:
        """The figures of each experience; empty when none has any."""
        figures = [sheet.indicators for sheet in self.sheets]
        return figures if any(figures) else []

    # The choice

    @cached_property
    def choices(self) -> list[Choice]:
        """The first experiences asked, at most four ticked, then others to put beside them while there is room."""
        if self.count > MOST:
            asked = self.read_light(self.asked[: MOST + SUGGESTED])
            return [choice_of(page, is_chosen=rank < MOST) for rank, page in enumerate(asked)]
        asked = [choice_of(page, is_chosen=True) for page in self.chosen]
        return [*asked, *(choice_of(page, is_chosen=False) for page in self.read_light(self.suggested))]

    def read_light(self, pks: list[int]) -> list[ExperiencePage]:
        """These experiences, with what the choice says of them."""
        return self.listing.read(pks, self.listing.item_pages(self.listing.light_pages()))

    @property
    def suggested(self) -> list[int]:
        """Experiences of territories like that of the first one, then the newest."""
        taken = {page.pk for page in self.chosen}
        place = self.chosen[0].place if self.chosen else None
        alike = self.listing.likeness_of(place).ranked if place and place.type == TerritoryType.COMMUNE else ()
        found = dict.fromkeys([*alike, *self.listing.snapshot.orders["recent"]])
        return [pk for pk in self.listing.without_archives(found) if pk not in taken][:SUGGESTED]
