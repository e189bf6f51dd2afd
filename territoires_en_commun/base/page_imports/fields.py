"""How the values of a page are compared, shown to the editor and written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags

from territoires_en_commun.base.models import BasePage


def names(values: Any) -> str:
    """Terms by name."""
    return ", ".join(sorted(str(value) for value in values))


def territory_names(values: Any) -> str:
    """« Creuse (23), Guéret (23096) »."""
    return ", ".join(sorted(f"{value.name} ({value.code})" for value in values))


def plain(html: str) -> str:
    """A rich text without its markup."""
    return strip_tags(html.replace("</p><p>", "\n")).strip()


@dataclass(frozen=True)
class Field:
    """A field of the page: how its value reads, where it is, how it is written."""

    name: str
    show: Callable[[Any], str] = str
    column: str = ""

    @property
    def shown_column(self) -> str:
        """The column that the editor is told about."""
        return self.column or self.name

    def current(self, page: BasePage, wanted: Any) -> Any:
        """What the page holds, to compare with what the row wants."""
        value = getattr(page, self.name)
        return list(value.all()) if hasattr(value, "all") else value

    def text(self, value: Any) -> str:
        """A value as an editor reads it; empty for none."""
        return self.show(value) if value else ""

    def write(self, page: BasePage, value: Any) -> None:
        """Put the value in the page, which is not saved."""
        setattr(page, self.name, value)


TITLE = Field("title")
SUMMARY = Field("summary")
TERRITORIES = Field("territories", territory_names)
THEMES = Field("themes", names)
PROGRAMMES = Field("programmes", names)
