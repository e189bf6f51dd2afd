"""How the values of an experience are compared, shown to the editor and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ressources.experience_figures import measure, month, number
from ressources.experience_sections import NOT_KNOWN, SECTIONS, is_blank
from ressources.models import ExperienceIndicator, ExperiencePage, ExperienceStatus, ExperienceStep
from territoires_en_commun.base.formats import euros, long_date
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.ordering import in_order
from territoires_en_commun.base.page_imports.fields import (
    PROGRAMMES,
    SUMMARY,
    THEMES,
    TITLE,
    Field,
    LinksField,
    label_of,
    names,
    plain,
    territory_name,
    territory_names,
)
from territoires_en_commun.territories.models import Territory


@dataclass(frozen=True)
class Told:
    """What is told of something that may be « pas encore connu »: the content, or None when it is not known."""

    content: Any


@dataclass(frozen=True)
class ToldField(Field):
    """A field and its box « pas encore connu »: one or the other. A box ticked is no work of an editor to protect."""

    def current(self, page: ExperiencePage, wanted: Told) -> Told | None:
        content = getattr(page, self.name)
        if content is None or (isinstance(content, str) and is_blank(content)):
            return Told(None) if getattr(page, f"{self.name}_unknown") else None
        return Told(content)

    def is_told(self, value: Told | None) -> bool:
        return value is not None and value.content is not None

    def text(self, value: Told | None) -> str:
        if value is None:
            return ""
        return NOT_KNOWN if value.content is None else self.show(value.content)

    def write(self, page: ExperiencePage, value: Told) -> None:
        empty = None if ExperiencePage._meta.get_field(self.name).null else ""
        setattr(page, self.name, empty if value.content is None else value.content)
        setattr(page, f"{self.name}_unknown", value.content is None)


@dataclass(frozen=True)
class RowsField(Field):
    """Rows edited with the page, in the order of the file; those that it repeats keep their identity."""

    def text(self, value: Sequence[Any]) -> str:
        return " | ".join(self.show(row) for row in value)

    def write(self, page: ExperiencePage, value: Sequence[Any]) -> None:
        known = {self.show(row): row for row in getattr(page, self.name).all()}
        setattr(page, self.name, in_order(known.pop(self.show(row), row) for row in value))


@dataclass(frozen=True)
class OtherTerritoriesField(Field):
    """The territories of the page; the place, which the page adds by itself, counts only if the file repeats it."""

    show: Callable[[Any], str] = territory_names

    def current(self, page: ExperiencePage, wanted: list[Territory]) -> list[Territory]:
        return [one for one in page.territories.all() if one.pk != page.place_id or one in wanted]


def step_text(step: ExperienceStep) -> str:
    """« 12 mars 2024 : Titre – ce qui s’est passé »."""
    when = "" if step.date is None else month(step.date) if step.month_only else long_date(step.date)
    text = " ".join(step.text.split())
    return f"{when} : {step.title} – {text}" if text else f"{when} : {step.title}"


def indicator_text(indicator: ExperienceIndicator) -> str:
    """« Habitants aux ateliers = 120 personnes (registre de la mairie, 30 juin 2024) »."""
    day = long_date(indicator.date) if indicator.date else ""
    details = ", ".join(filter(None, (indicator.source, indicator.source_url, day)))
    figure = f"{indicator.label} = {measure(indicator.value, indicator.unit)}"
    return f"{figure} ({details})" if details else figure


FIELDS = (
    TITLE,
    SUMMARY,
    OtherTerritoriesField("territories"),  # before the place, for they are compared with the place that the page has
    Field("place", territory_name),
    Field("holder"),
    LinksField("actors", kind=LinkKind.ACTOR),
    Field("project_status", label_of(ExperienceStatus)),
    Field("started_on", long_date),
    Field("ended_on", long_date),
    *(ToldField(section.name, plain) for section in SECTIONS),
    RowsField("steps", step_text),
    RowsField("indicators", indicator_text),
    ToldField("cost", euros),
    ToldField("fte", lambda value: f"{number(value)}\u00a0ETP"),
    Field("contact_email"),
    THEMES,
    PROGRAMMES,
    Field("audiences", names),
)
