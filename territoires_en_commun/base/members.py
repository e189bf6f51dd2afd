"""The communes of an intercommunalité or a département: all reachable, a page at a time, found by name."""

from functools import cached_property

from django import forms
from django.utils.text import slugify

from .addresses import Place
from .formats import grouped
from .listing.forms import IgnoredParameter, ListingForm, PageNumberField, ReadableCharField
from .listing.links import listing_url
from .pagination import Pagination

PER_PAGE = 60


class NameField(ReadableCharField):
    """The beginning or a part of a name, whatever its accents and hyphens."""

    def __init__(self):
        super().__init__(
            required=False,
            max_length=100,
            error_messages={"max_length": "la recherche est limitée à 100 caractères"},
        )

    def clean(self, value):
        text = super().clean(value)
        if text and not slugify(text):
            raise forms.ValidationError("elle ne contient aucune lettre")
        return text


def members_fields() -> dict[str, forms.Field]:
    """The parameters that choose what ``Members`` shows."""
    return {"nom": NameField(), "page": PageNumberField()}


class Members:
    """A page of communes, from the query string of the page of what contains them (``members_fields``)."""

    def __init__(self, communes: list[Place], form: ListingForm, path: str):
        self.communes = communes
        self.path = path
        self.form = form

    @cached_property
    def name(self) -> str:
        """The name searched, empty when none is."""
        return self.form.kept.get("nom", "")

    @cached_property
    def found(self) -> list[Place]:
        """The communes whose name holds what is searched."""
        part = slugify(self.name)
        return [commune for commune in self.communes if part in commune.slug]

    @property
    def count(self) -> int:
        """Their number."""
        return len(self.found)

    @property
    def count_label(self) -> str:
        """Their number in words."""
        if not self.count:
            return "Aucune commune ne porte ce nom ici"
        return f"{grouped(self.count)}\u00a0commune{'s' if self.count > 1 else ''}"

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.count // PER_PAGE))

    @cached_property
    def page_number(self) -> int:
        """The page shown, within the real ones."""
        return min(self.form.kept.get("page", 1), self.page_count)

    @property
    def items(self) -> list[Place]:
        """The communes shown."""
        start = (self.page_number - 1) * PER_PAGE
        return self.found[start : start + PER_PAGE]

    @cached_property
    def ignored(self) -> list[IgnoredParameter]:
        """The parameters left aside."""
        asked = self.form.kept.get("page", 1)
        over = [IgnoredParameter("page", "cette page n’existe pas")] if asked > self.page_count else []
        return self.form.ignored + over

    @property
    def is_searchable(self) -> bool:
        """Whether there are too many communes to be read at once."""
        return bool(self.name) or self.page_count > 1

    def url(self, number: int) -> str:
        """The address of a page of these communes."""
        page = [str(number)] if number > 1 else []
        return listing_url(self.path, {"nom": [self.name], "page": page})

    @property
    def pagination(self) -> Pagination:
        """Links to the other pages."""
        return Pagination(self.page_number, self.page_count, self.url)

    @property
    def title_suffix(self) -> str:
        """What the title of the page owes to the search and to the page number (RGAA 8.6)."""
        name = f" – communes « {self.name} »" if self.name else ""
        page = f" – page {self.page_number} sur {self.page_count}" if self.page_number > 1 else ""
        return name + page
