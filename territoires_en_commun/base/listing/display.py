"""What the templates of a listing show: facets, tags, pages, ways out. Data only, no markup."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from django.db.models import QuerySet
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localdate

from territoires_en_commun.base.formats import full_date, grouped
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.pagination import Pagination
from territoires_en_commun.base.site_info import CONTACT_URL, Link

from .filters import Facet, Filter, ThemeFacet
from .links import listing_url, without
from .territory import TerritoryFilter

PER_PAGE_DEFAULT = 20


class ShownValue(NamedTuple):
    """A value of a facet with the number of results that it keeps."""

    value: str
    label: str
    count: int
    selected: bool
    level: int

    @property
    def is_dead(self) -> bool:
        """Choosing it would show nothing."""
        return self.count == 0 and not self.selected


@dataclass(frozen=True)
class ShownFacet:
    """A facet and its values, in order."""

    name: str
    label: str
    values: tuple[ShownValue, ...]

    @property
    def selected_count(self) -> int:
        """Number of values chosen."""
        return sum(value.selected for value in self.values)

    @property
    def html(self) -> SafeString:
        """The facet, rendered once for the same values and counts: fifty boxes are the dearest part of a page."""
        return render_facet(self)


@lru_cache(maxsize=256)
def render_facet(facet: ShownFacet) -> SafeString:
    """components/listing/facet.html, which depends on nothing else than ``facet``."""
    return render_to_string("components/listing/facet.html", {"facet": facet})


class Tag(NamedTuple):
    """A value in use, the link that removes it, and the results that there would then be, counted when asked."""

    label: str
    url: str
    counted: Callable[[], int]

    @property
    def count(self) -> int:
        return self.counted()


class ShownField(NamedTuple):
    """A field of the filters, and the component that shows it (variable ``field``)."""

    template: str
    bound: BoundField


class Row(NamedTuple):
    """A page as a list shows it: its address, a line above the text (kind, date), its themes."""

    page: BasePage
    url: str
    detail: str
    tags: list[str]


class Wider(NamedTuple):
    """A larger territory where there are results."""

    label: str
    url: str
    count: int


class ListingDisplay:
    """The half of ``Listing`` that speaks to visitors."""

    nouns: tuple[str, str] = ("résultat", "résultats")
    the_only = "le seul"
    no_result = "Aucun résultat"
    search_label = "Rechercher dans les contenus"
    suggestions_url = ""  # of what is proposed to who is typing; empty for nothing
    results_title = "Résultats"
    item_template = "components/listing/item.html"
    results_template = "components/listing/results.html"
    # What a room says between the number of results and the results (variable ``listing``); empty for nothing.
    note_template = ""
    always_noindex = False
    # Parameters in use that no field shows, and that the form of the filters keeps.
    hidden_fields: Sequence[tuple[str, str]] = ()
    tells_themes = True

    @cached_property
    def rows(self) -> list[Row]:
        """The pages shown, ready for their template."""
        return [self.row(page) for page in self.items]

    def rows_of(self, pks: list[int]) -> list[Row]:
        """These pages in this order, as the list shows them, less those that the public may no longer see."""
        return [self.row(page) for page in self.read(pks, self.item_pages(self.light_pages()))]

    def rows_among(self, pages: QuerySet, count: int) -> list[Row]:
        """The first pages of a queryset that the public sees, as the list shows them; one query."""
        return [self.row(page) for page in self.visibility.visible(self.item_pages(pages))[:count]]

    def row(self, page: BasePage) -> Row:
        """A page ready for ``item_template``."""
        detail = capfirst(str(page.specific_class._meta.verbose_name))
        if page.first_published_at:
            detail += f" – {full_date(localdate(page.first_published_at))}"
        return Row(page, page.get_url(self.visit), detail, self.theme_labels(page))

    def theme_labels(self, page: BasePage) -> list[str]:
        """The themes of a page, from the facet that knows them; none in a listing that other pages quote."""
        if not self.tells_themes:
            return []
        facet = next((filter_ for filter_ in self.filters if isinstance(filter_, ThemeFacet)), None)
        return self.part(facet).labels.get(page.pk, []) if facet else []

    def plural(self, count: int) -> str:
        """« 1 résultat », « 1 234 résultats »."""
        return f"{grouped(count)}\u00a0{self.nouns[count > 1]}"

    @property
    def count_label(self) -> str:
        """The number of results in words, with the page when there are several."""
        if not self.count:
            return self.no_result
        label = self.plural(self.count)
        return f"{label}, page {self.page_number} sur {self.page_count}" if self.page_count > 1 else label

    @property
    def title_suffix(self) -> str:
        """What the title of the page owes to the query: « – eau – page 2 sur 5 » (RGAA 8.6)."""
        told = [tag.label for tag in self.tags]
        if self.page_number > 1:
            told.append(f"page {self.page_number} sur {self.page_count}")
        return "".join(f" – {text}" for text in told)

    @property
    def export_label(self) -> str:
        """« les 25 résultats », « le seul résultat »."""
        return self.all_of(self.count)

    def all_of(self, count: int) -> str:
        """« les 25 résultats », « le seul résultat »."""
        return f"les {self.plural(count)}" if count > 1 else f"{self.the_only} {self.nouns[0]}"

    # Links

    def url(self, parameters: dict | None = None, page: int = 1) -> str:
        """The address of these results, or of others."""
        parameters = self.parameters if parameters is None else parameters
        return listing_url(self.path, {**parameters, "page": [str(page)] if page > 1 else []})

    @property
    def canonical_url(self) -> str:
        """The one address of what is shown: known parameters, in order, real page."""
        return self.url(page=self.page_number)

    @property
    def noindex(self) -> bool:
        """Searches and filtered lists stay out of search engines; the pages of the whole list don't."""
        return self.always_noindex or bool(self.parameters)

    @property
    def reset_url(self) -> str:
        """The whole list."""
        return self.path

    @property
    def export_url(self) -> str:
        """The same rows as a file for spreadsheets."""
        return self.url_as("csv")

    def url_as(self, form: str) -> str:
        """The same rows in another format (one of ``exports``)."""
        return listing_url(self.path, {**self.parameters, "export": [form]})

    @property
    def pagination(self) -> Pagination:
        """Links to the other pages."""
        return Pagination(self.page_number, self.page_count, lambda number: self.url(page=number))

    # Filters

    def filter_named(self, name: str) -> Filter | None:
        """The filter of this parameter."""
        return next((filter_ for filter_ in self.filters if filter_.name == name), None)

    @property
    def has_text(self) -> bool:
        """Whether a text can be searched."""
        return self.filter_named("q") is not None

    @property
    def fields(self) -> list[ShownField]:
        """The fields shown above the facets: territory, dates…"""
        own = [f for f in self.filters if not isinstance(f, Facet) and f.name != "q"]
        return [ShownField(f.template, self.form[f.name]) for f in own]

    @cached_property
    def query(self) -> str:
        """The text searched."""
        return self.values.get("q", "")

    @cached_property
    def facets(self) -> list[ShownFacet]:
        """The facets that have something to offer, with exact counts."""
        return self.shown_facets()

    def shown_facets(self) -> list[ShownFacet]:
        """As ``facets``, computed each time."""
        shown = [self._shown_facet(filter_) for filter_ in self.filters if isinstance(filter_, Facet)]
        return [facet for facet in shown if facet.values]

    def _shown_facet(self, facet: Facet) -> ShownFacet:
        part = self.part(facet)
        chosen = set(self.values.get(facet.name, ()))
        count_of = self.value_counter(facet)
        values = []
        for known in part.values:
            if known.value in chosen or (known.offered and part.pages.get(known.value)):
                count = count_of(known.value)
                values.append(ShownValue(known.value, known.label, count, known.value in chosen, known.level))
        return ShownFacet(facet.name, facet.label, tuple(values))

    def value_counter(self, facet: Facet) -> Callable[[str], int]:
        """A function that gives how many results a value of a facet would keep, beside the other filters."""
        pages = self.part(facet).pages
        count_of = self._counter(self.selected_but(facet))
        return lambda value: count_of(pages.get(value, frozenset()))

    def _counter(self, among: frozenset[int]) -> Callable[[frozenset[int]], int]:
        """A function that counts the pages of a set that are ``among`` the results, by the cheaper side."""
        everything = self.snapshot.pks
        if among is everything:
            return len
        if 2 * len(among) <= len(everything):
            return lambda pks: len(among & pks)
        others = everything - among
        return lambda pks: len(pks) - len(others & pks)

    @cached_property
    def tags(self) -> list[Tag]:
        """The filter values in use, each with its removal."""
        tags = []
        for filter_ in self.filters:
            if filter_.name in self.values:
                value = self.values[filter_.name]
                for raw in filter_.raw(value):
                    label = filter_.tell(raw, value, self.part(filter_))
                    url = self.url(without(self.parameters, filter_.name, raw))
                    tags.append(Tag(label, url, partial(self.count_without, filter_, raw)))
        return tags

    @cached_property
    def wider(self) -> list[Wider]:
        """The larger territories where there are results, nearest first."""
        filter_ = next((f for f in self.filters if isinstance(f, TerritoryFilter) and f.name in self.values), None)
        if filter_ is None:
            return []
        others = self.selected_but(filter_)
        found = []
        for territory, pks in filter_.wider(self.values[filter_.name], self.part(filter_)):
            count = len(others.intersection(pks))
            if count:
                url = self.url({**self.parameters, filter_.name: [territory.key]})
                found.append(Wider(territory.name, url, count))
        return found

    @property
    def wider_links(self) -> list[Link]:
        """The larger territories that bring more results than there are."""
        wider = [place for place in self.wider if place.count > self.count]
        return [Link(f"Élargir à : {place.label} ({self.plural(place.count)})", place.url) for place in wider]

    @cached_property
    def ways_out(self) -> list[Link]:
        """What leads somewhere from an empty list: fewer filters, a larger place, everything, somebody."""
        links = [
            Link(f"Retirer le filtre {quoted(tag.label)} ({self.plural(count)})", tag.url)
            for tag in self.tags
            if (count := tag.count)
        ]
        links += self.wider_links
        if self.parameters:
            links.append(Link(f"Tout effacer ({self.plural(len(self.kept_by(self.defaults)))})", self.reset_url))
        return [*links, Link("Nous écrire : un contenu manque peut-être", CONTACT_URL)]

    @property
    def empty_text(self) -> str:
        """Why the list is empty, in a sentence."""
        if not self.parameters:
            return "Rien n’est encore publié dans cette rubrique."
        told = ", ".join(quoted(tag.label) for tag in self.tags)
        return f"Aucun contenu ne répond à la fois à tous vos critères : {told}." if told else ""


def quoted(label: str) -> str:
    """A label between French quotes, once."""
    return label if label.startswith("«") else f"«\u00a0{label}\u00a0»"
