"""How the values of a page are compared, shown to the editor and written."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import strip_tags

from territoires_en_commun.base.models import BasePage, LinkKind, PageLink
from territoires_en_commun.territories.models import Territory

END_OF_LINE = re.compile(r"</(?:p|h\d|li)>|<br\s*/?>")


def names(values: Any) -> str:
    """Terms by name."""
    return ", ".join(sorted(str(value) for value in values))


def territory_names(values: Any) -> str:
    """« Creuse (23), Guéret (23096) »."""
    return ", ".join(sorted(map(territory_name, values)))


def territory_name(value: Territory) -> str:
    """« Guéret (23096) »."""
    return f"{value.name} ({value.code})"


def label_of(choices: type[models.TextChoices]) -> Callable[[Any], str]:
    """What reads the label of a choice."""
    return lambda value: str(choices(value).label)


def plain(rich_text: str) -> str:
    """A rich text without its markup, the same before and after the editor wrote it again."""
    text = html.unescape(strip_tags(END_OF_LINE.sub("\n", rich_text)))
    return "\n".join(filter(None, (line.strip() for line in text.splitlines())))


def is_given(value: Any) -> bool:
    """Whether a value says something; zero does."""
    return bool(value) or (value == 0 and value is not False)


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

    def is_told(self, value: Any) -> bool:
        """Whether what the page holds says something, that an editor may have written."""
        return is_given(value)

    def text(self, value: Any) -> str:
        """A value as an editor reads it; empty for none."""
        return self.show(value) if is_given(value) else ""

    def write(self, page: BasePage, value: Any) -> None:
        """Put the value in the page, which is not saved."""
        setattr(page, self.name, value)


@dataclass(frozen=True)
class LinksField(Field):
    """Pages that this one links to in one way; its other links stay as they are."""

    show: Callable[[Any], str] = names
    kind: str = LinkKind.RELATED

    def current(self, page: BasePage, wanted: list[BasePage]) -> list:
        return [link.target for link in page.links.all() if link.kind == self.kind]

    def write(self, page: BasePage, value: list[BasePage]) -> None:
        links = [link for link in page.links.all() if link.kind != self.kind]
        kept = {link.target_id: link for link in page.links.all() if link.kind == self.kind}
        page.links = links + [kept.get(target.pk) or PageLink(kind=self.kind, target=target) for target in value]


TITLE = Field("title")
SUMMARY = Field("summary")
TERRITORIES = Field("territories", territory_names)
THEMES = Field("themes", names)
PROGRAMMES = Field("programmes", names)
