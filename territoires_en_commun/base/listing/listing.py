"""The listing of every index page: declared by a class, driven by a query string, exact to the page."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any, Self

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.fields import RichTextField, StreamField

from territoires_en_commun.base.models import BasePage

from .display import PER_PAGE_DEFAULT, ListingDisplay
from .export import CHUNK, Column, csv_response
from .filters import Facet, Filter, ProgrammeFacet, TextFilter, ThemeFacet
from .forms import IgnoredParameter, ListingForm, PageNumberField, shown
from .links import without
from .snapshot import Parts, Snapshot, Visibility, current_visibility, quoted_rows, snapshot
from .sorts import NEAREST, RECENT, RELEVANCE, TITLE, Ranked, Sort
from .territory import TerritoryFilter
from .values import PageValues

MANY = 2_000  # pages above which a snapshot is taken whole, beside the requests when it is dear


class Listing(ListingDisplay):
    """Filters, facets with exact counts, order, pages and export over one kind of page.

    A room subclasses it and declares what differs::

        class EventListing(Listing):
            nouns = ("événement", "événements")
            filters = (*Listing.filters, ChoiceFacet("mode", "Mode", "eventpage__mode", Mode.choices))

            def pages(self):
                return EventPage.objects.descendant_of(self.scope)

    ``filters`` combine by AND; the values of a facet by OR. A facet's own selection doesn't restrict its counts.
    Private and unpublished pages are in no result, count or export, whatever ``pages`` returns.
    """

    filters: Sequence[Filter] = (TextFilter(), ThemeFacet(), ProgrammeFacet(), TerritoryFilter())
    sorts: Sequence[Sort | Ranked] = (RELEVANCE, NEAREST, RECENT, TITLE)
    per_page = PER_PAGE_DEFAULT
    # What the results can be had as: the value of ``export``, and the method that answers with the file.
    exports: Mapping[str, str] = {"csv": "export_csv"}

    def __init__(self, request: HttpRequest, *, scope: BasePage | None = None):
        self.request = request
        self.visit: HttpRequest | None = request  # the request that shows the rows; None for rows that others quote
        self.path = request.path
        self.scope = scope

    @classmethod
    def quoted(cls) -> Self:
        """The listing of which another page quotes a few rows: nothing was asked, and no theme is told."""
        listing = cls(HttpRequest())
        listing.tells_themes = False
        listing.visit = None
        return listing

    def quoted_rows(self, pks: list[int]) -> list:
        """These pages in this order, as ``rows_of`` gives them, for the pages that quote a few of them."""
        state = (self.visibility, self.state())
        return quoted_rows(type(self), state, pks, lambda lacking: {row.page.pk: row for row in self.rows_of(lacking)})

    # What a room may override

    def pages(self) -> QuerySet:
        """Every page that could be listed; drafts and private ones are taken out afterwards."""
        return BasePage.objects.all()

    def state(self) -> Hashable:
        """What else, besides pages, changes the lists: plain models of the room, the day for dated contents."""
        return None

    def item_pages(self, pages: QuerySet) -> QuerySet:
        """The queryset of the few pages shown, with what their template needs; themes come from the facet."""
        return pages

    def other_fields(self) -> dict[str, forms.Field]:
        """Parameters that neither filter nor order: what they mean is the room's business."""
        return {}

    # The snapshot

    @cached_property
    def visibility(self) -> Visibility:
        """What the public sees at this request."""
        return current_visibility()

    @cached_property
    def snapshot(self) -> Snapshot:
        """Keys, orders and facet values of all the pages that could be listed."""
        key = (type(self), self.scope.pk if self.scope else None)
        return snapshot(key, (self.visibility, self.state()), self._take)

    def _take(self) -> dict[str, Any]:
        pages = self.visibility.visible(self.pages())
        sorts = [sort for sort in self.sorts if isinstance(sort, Sort)]
        values = PageValues(pages, chain((s.lookup for s in sorts), *(f.lookups for f in self.filters)))
        parts = Parts({filter_.name: partial(filter_.collect, pages, values) for filter_ in self.filters})
        if len(values["pk"]) > MANY:
            parts.collect_all()
        return {
            "pks": frozenset(pk for pk, _ in values["pk"]),
            "orders": {sort.name: sort.order(values[sort.lookup]) for sort in sorts},
            "parts": parts,
        }

    def part(self, filter_: Filter) -> Any:
        """What a filter collected."""
        return self.snapshot.parts[filter_.name]

    # The parameters

    @cached_property
    def form(self) -> ListingForm:
        """The query string, validated."""
        fields = {filter_.name: filter_.form_field(self.part(filter_)) for filter_ in self.filters}
        fields["tri"] = forms.ChoiceField(
            required=False,
            choices=[(sort.name, sort.label) for sort in self.sorts],
            error_messages={"invalid_choice": "cet ordre n'existe pas"},
        )
        fields["page"] = PageNumberField()
        fields["export"] = forms.ChoiceField(
            required=False,
            choices=[(name, name) for name in self.exports],
            error_messages={"invalid_choice": f"les formats proposés sont : {', '.join(self.exports)}"},
        )
        return ListingForm(self.request.GET, fields | self.other_fields())

    @cached_property
    def values(self) -> dict[str, Any]:
        """Clean values of the filters in use."""
        kept = self.form.kept
        return {filter_.name: kept[filter_.name] for filter_ in self.filters if filter_.name in kept}

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """Filters and order in use, as parameter values for links; no page number."""
        found = {f.name: f.raw(self.values[f.name]) for f in self.filters if f.name in self.values}
        if self.sort is not self.default_sort:
            found["tri"] = [self.sort.name]
        return found

    @property
    def asked_export(self) -> str:
        """The format of the file that is asked; empty for a page."""
        return self.form.kept.get("export", "")

    # The results

    @cached_property
    def defaults(self) -> dict[str, Collection[int]]:
        """For each filter that narrows the list even when it is not used, the keys that it then keeps."""
        kept = {filter_.name: filter_.default(self.part(filter_)) for filter_ in self.filters}
        return {name: pks for name, pks in kept.items() if pks is not None}

    @cached_property
    def selections(self) -> dict[str, Collection[int]]:
        """For each filter that narrows the list, the keys that it keeps."""
        return self.defaults | {
            f.name: self.select(f, self.values[f.name]) for f in self.filters if f.name in self.values
        }

    def select(self, filter_: Filter, value: Any) -> Collection[int]:
        """The keys that a clean value of a filter keeps; in an order, when the filter ranks them."""
        return filter_.select(value, self.part(filter_), self.pages())

    def kept_by(self, selections: dict[str, Collection[int]]) -> frozenset[int]:
        """The keys kept by all of these selections."""
        return self.snapshot.pks.intersection(*selections.values()) if selections else self.snapshot.pks

    @cached_property
    def selected(self) -> frozenset[int]:
        """The keys of the results."""
        return self.kept_by(self.selections)

    def selected_but(self, filter_: Filter) -> frozenset[int]:
        """The keys of the results if this filter were not used: what the counts of a facet are made on."""
        if filter_.name not in self.selections:
            return self.selected
        return self.kept_by({name: pks for name, pks in self.selections.items() if name != filter_.name})

    def count_without(self, filter_: Filter, raw: str) -> int:
        """How many results there would be without one value of a filter."""
        remaining = without(self.parameters, filter_.name, raw)[filter_.name]
        others = self.selected_but(filter_)
        if not remaining:
            return len(others.intersection(self.defaults.get(filter_.name, others)))
        if not isinstance(filter_, Facet):
            raise TypeError("Only a facet has several values.")
        return len(others & filter_.select(remaining, self.part(filter_), self.pages()))

    @cached_property
    def available_sorts(self) -> list[Sort | Ranked]:
        """The orders that mean something here, the default one first."""
        return [sort for sort in self.sorts if isinstance(sort, Sort) or sort.filter in self.values]

    @property
    def default_sort(self) -> Sort | Ranked:
        """The order when none is asked: relevance for a text, distance for a place, else the first declared."""
        return self.available_sorts[0]

    @cached_property
    def sort(self) -> Sort | Ranked:
        """The order in use."""
        asked = self.form.kept.get("tri")
        return next((sort for sort in self.available_sorts if sort.name == asked), self.default_sort)

    def in_order(self, start: int = 0, stop: int | None = None) -> list[int]:
        """The keys of the results, in order, from one rank to another."""
        ranked = isinstance(self.sort, Ranked)
        order = self.selections[self.sort.filter] if ranked else self.snapshot.orders[self.sort.name]
        kept = (pk for pk in order if pk in self.selected)
        if self.lowered and self.sort is self.default_sort:
            kept = iter(sorted(kept, key=self.lowered.__contains__))
        return list(islice(kept, start, stop))

    @cached_property
    def lowered(self) -> frozenset[int]:
        """The keys that come after the others in the default order."""
        return frozenset().union(*(filter_.lowered(self.part(filter_)) for filter_ in self.filters))

    @property
    def count(self) -> int:
        """Number of results."""
        return len(self.selected)

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.count // self.per_page))

    @cached_property
    def page_number(self) -> int:
        """The page shown, always within the real ones."""
        return min(self.form.kept.get("page", 1), self.page_count)

    @cached_property
    def ignored(self) -> list[IgnoredParameter]:
        """The parameters left aside, with the reason, in French."""
        found = list(self.form.ignored)
        asked = self.form.kept.get("page", 1)
        if asked > self.page_count:
            pages = "une seule page" if self.page_count == 1 else f"{self.page_count} pages"
            found.append(IgnoredParameter("page", f"la page {shown(str(asked), 12)} n'existe pas : il y a {pages}"))
        sort = self.form.kept.get("tri")
        if sort and sort not in {available.name for available in self.available_sorts}:
            found.append(IgnoredParameter("tri", "cet ordre demande une recherche ou un territoire"))
        return found

    def read(self, pks: list[int], pages: QuerySet) -> list:
        """These pages in this order, less those that the public may no longer see."""
        by_pk = {page.pk: page for page in self.visibility.visible(pages.filter(pk__in=pks))}
        return [by_pk[pk] for pk in pks if pk in by_pk]

    @cached_property
    def items(self) -> list:
        """The pages shown."""
        start = (self.page_number - 1) * self.per_page
        pks = self.in_order(start, start + self.per_page)
        return self.read(pks, self.item_pages(self.light_pages()))

    def light_pages(self) -> QuerySet:
        """The pages without their long texts, which no list shows."""
        pages = self.pages()
        heavy = (StreamField, RichTextField)
        return pages.defer(*(f.name for f in pages.model._meta.concrete_fields if isinstance(f, heavy)))

    # The answer

    def columns(self) -> list[Column]:
        """The columns of the file."""
        return [
            Column("Titre", lambda page: page.title),
            Column("Type", lambda page: capfirst(str(page.specific_class._meta.verbose_name))),
            Column("Résumé", lambda page: page.summary),
            Column("Thématiques", lambda page: [theme.name for theme in page.themes.all()]),
            Column("Programmes", lambda page: [programme.name for programme in page.programmes.all()]),
            Column("Territoires", lambda page: [territory.name for territory in page.territories.all()]),
            Column("Codes des territoires", lambda page: [territory.key for territory in page.territories.all()]),
            Column("Publié le", lambda page: local_date(page.first_published_at)),
            Column("Licence", lambda page: page.get_licence_display()),
            Column("Adresse", lambda page: page.get_full_url(self.request)),
        ]

    def export_pages(self, pages: QuerySet) -> QuerySet:
        """The queryset of the exported pages, with what the columns need."""
        return pages.prefetch_related("themes", "programmes", "territories")

    def export_csv(self) -> StreamingHttpResponse:
        """All the results, in order, as a CSV file."""
        pages = self.export_pages(self.light_pages())
        ordered = self.in_order()
        chunks = (self.read(ordered[i : i + CHUNK], pages) for i in range(0, len(ordered), CHUNK))
        return csv_response(self.columns(), chunks, f"{self.nouns[1]}-{timezone.localdate():%Y-%m-%d}")

    def respond(self, template: str, context: dict) -> HttpResponseBase:
        """The file when it is asked, else the page; ``context`` is completed with ``listing``."""
        if self.asked_export:
            return getattr(self, self.exports[self.asked_export])()
        frame = {"canonical_url": self.canonical_url, "noindex": self.noindex}
        return TemplateResponse(self.request, template, {**context, **frame, "listing": self})


def local_date(moment: datetime | None) -> date | None:
    """The day of a moment, in France."""
    return timezone.localdate(moment) if moment else None
