"""The listing of the search page: every content of the site, as people type what they look for."""

from collections.abc import Collection
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.safestring import SafeString

from territoires_en_commun.base.listing import (
    RELEVANCE,
    Filter,
    Listing,
    ProgrammeFacet,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
    TypeFacet,
)
from territoires_en_commun.base.listing.display import Row, ShownFacet, Tag
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import link_details
from territoires_en_commun.base.site_info import Link
from territoires_en_commun.territories.models import Territory

from . import ranking
from .excerpts import Excerpt, excerpts
from .finding import Found, find, suggestion
from .pins import pinned_pages
from .places import NamedPlace, named_place, places_of_code
from .ranking import Scored
from .text.highlighting import Highlighter

HOME_DEPTH = 2
KIND = "genre"
AS_WORDS = "mots"


class FoundRow(NamedTuple):
    """A page found: address, kind, themes, title and what it says of the query, marked; whether editors pinned it."""

    page: BasePage
    url: str
    detail: str
    tags: list[str]
    title: SafeString
    excerpt: Excerpt
    is_pinned: bool


class Tab(NamedTuple):
    """A kind of content: how many of the results, and the address of these alone."""

    label: str
    count: int
    url: str
    is_current: bool


class SearchListing(Listing):
    """All the pages of the site but its home.

    A place that the text names is a filter as long as something answers there; ``lieu=mots`` makes it words again.
    """

    filters = (TextFilter(), TypeFacet(KIND), ThemeFacet(), ProgrammeFacet(), TerritoryFilter())
    search_label = "Rechercher sur le site"
    suggestions_url = reverse_lazy("search_suggestions")
    item_template = "search/item.html"
    note_template = "search/note.html"
    always_noindex = True
    engine = "embarque"
    is_fallback = False  # whether another engine should have answered

    def pages(self) -> QuerySet:
        return BasePage.objects.filter(depth__gt=HOME_DEPTH)

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.only(
            "title",
            "summary",
            "url_path",
            "content_type",
            "first_published_at",
            "path",
            "depth",
            "external_ref",
            "uuid",
        )

    def other_fields(self) -> dict[str, forms.Field]:
        return {
            "lieu": forms.ChoiceField(
                required=False,
                choices=[(AS_WORDS, "le nom du lieu comme des mots")],
                error_messages={"invalid_choice": f"la seule valeur est « {AS_WORDS} »"},
            )
        }

    # What is looked for

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The filters of the address, before the text is read."""
        kept = self.form.kept
        return {filter_.name: kept[filter_.name] for filter_ in self.filters if filter_.name in kept}

    @cached_property
    def named(self) -> NamedPlace | None:
        """The place that the text names, when it is a filter: that of the address, or one where something answers."""
        text, place = self.asked.get("q", ""), self.asked.get("territoire")
        if not text or self.form.kept.get("lieu") == AS_WORDS:
            return None
        named = named_place(text)
        if named is None or (place is not None and place.pk != named.place.pk):
            return None
        return named if self.answering_in(named) else None

    def answering_in(self, named: NamedPlace) -> frozenset[int]:
        """The pages that concern a place of the text and answer the rest of it."""
        around = self.snapshot.pks.intersection(self.select(self.filter_named("territoire"), named.place))
        return around.intersection(find(named.rest).scored.pks) if named.rest else around

    @property
    def implied_place(self) -> Territory | None:
        """The place that the text alone makes a filter."""
        return self.named.place if self.named and "territoire" not in self.asked else None

    @cached_property
    def values(self) -> dict[str, Any]:
        return self.asked | ({"territoire": self.implied_place} if self.implied_place else {})

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        found = {f.name: f.raw(self.asked[f.name]) for f in self.filters if f.name in self.asked}
        if self.sort is not self.default_sort:
            found["tri"] = [self.sort.name]
        if "lieu" in self.form.kept and self.query:
            found["lieu"] = [AS_WORDS]
        return found

    @cached_property
    def found(self) -> Found | None:
        """The pages that answer the text, whatever the filters; None without text."""
        text = self.named.rest if self.named else self.query
        return find(text) if text else None

    @cached_property
    def pinned(self) -> list[int]:
        """The pages that editors put first for this text: they are among the results, whatever their words."""
        return pinned_pages(self.query)

    def select(self, filter_: Filter, value: Any) -> Collection[int]:
        if filter_.name != "q":
            return super().select(filter_, value)
        return [*self.pinned, *self.found.scored.pks] if self.found else self.snapshot.pks

    @cached_property
    def ranked(self) -> Scored:
        """The results with their scores, the best first."""
        kept = self.found.scored.less(self.selected)
        ranked = ranking.by_meaning(kept, self.found.query, self.found.text)
        return ranked.after([pk for pk in self.pinned if pk in self.selected])

    def in_order(self, start: int = 0, stop: int | None = None) -> list[int]:
        if self.found is not None and self.sort is RELEVANCE:
            return self.ranked.pks[start:stop]
        return super().in_order(start, stop)

    @property
    def is_partial(self) -> bool:
        """Whether no page holds enough of the words, and these hold some."""
        return self.found is not None and self.found.is_partial

    def kind_of(self, page: BasePage) -> str:
        """The value of the parameter ``genre`` that keeps a page."""
        return TypeFacet.slug_of(page.specific_class)

    def score_of(self, page: BasePage) -> float:
        """The score of a result, 0 without text."""
        return self.ranked.by_pk.get(page.pk, 0.0) if self.found else 0.0

    # What is shown

    @cached_property
    def rows(self) -> list[FoundRow]:
        """The pages shown, ready for their template; the rooms say the dates of theirs."""
        items = self.items
        now = timezone.now()
        details = {pk: detail for give in link_details for pk, detail in give(items, now).items()}
        highlighter = Highlighter(self.found.query, self.found.groups) if self.found else None
        told = excerpts(items, highlighter)
        return [self._found_row(self.row(page), details.get(page.pk, ""), highlighter, told) for page in items]

    def _found_row(self, row: Row, detail: str, highlighter: Highlighter | None, told: dict[int, Excerpt]) -> FoundRow:
        title = highlighter.marked(row.page.title) if highlighter else row.page.title
        kind = row.detail.partition(" – ")[0]
        detail = f"{kind} – {detail}" if detail else row.detail
        return FoundRow(row.page, row.url, detail, row.tags, title, told[row.page.pk], row.page.pk in self.pinned)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The kinds of content, each with the number of results that it has beside the other filters."""
        facet = self.filter_named(KIND)
        shown = [value for known in self.every_facet if known.name == KIND for value in known.values]
        chosen = self.asked.get(KIND, [])
        others = {**self.parameters, KIND: []}
        total = self.count_of_all(facet)
        kinds = [
            Tab(value.label, value.count, self.url({**others, KIND: [value.value]}), chosen == [value.value])
            for value in shown
            if value.count or value.selected
        ]
        return [Tab("Tout", total, self.url(others), not chosen), *kinds]

    def count_of_all(self, facet: Filter) -> int:
        """The number of results if this filter were not used."""
        return len(self.selected_but(facet))

    @cached_property
    def every_facet(self) -> list[ShownFacet]:
        """All the facets, the kinds of content among them."""
        return self.shown_facets()

    @cached_property
    def facets(self) -> list[ShownFacet]:
        """The facets beside the tabs."""
        return [facet for facet in self.every_facet if facet.name != KIND]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Parameters that the form of the filters keeps: the kinds, and how the place is read."""
        kept = [(KIND, kind) for kind in self.asked.get(KIND, [])]
        return [*kept, ("lieu", AS_WORDS)] if "lieu" in self.parameters else kept

    @cached_property
    def tags(self) -> list[Tag]:
        tags = super().tags
        if self.implied_place is None:
            return tags
        url = self.url({**self.parameters, "lieu": [AS_WORDS]})
        implied = self.filter_named("territoire").tell("", self.implied_place, None)
        return [tag._replace(url=url) if tag.label == implied else tag for tag in tags]

    @cached_property
    def suggestion(self) -> str:
        """Another spelling that finds something, when nothing was found."""
        return suggestion(self.found) if self.found and not self.count else ""

    @property
    def ways_out(self) -> list[Link]:
        better = (
            [Link(f"Essayez avec «\u00a0{self.suggestion}\u00a0»", self.suggestion_url)] if self.suggestion else []
        )
        return [*better, *self.shared_code_links, *super().ways_out]

    @cached_property
    def shared_code_links(self) -> list[Link]:
        """The territories that share the postal code of the text, where there are results."""
        if "territoire" in self.asked:
            return []
        others = self.selected_but(self.filter_named("q"))
        links = []
        for named in places_of_code(self.query):
            if count := len(others.intersection(self.answering_in(named))):
                url = self.url(
                    {**self.parameters, "q": [named.rest] if named.rest else [], "territoire": [named.place.key]}
                )
                links.append(Link(f"Chercher à : {named.place.name} ({self.plural(count)})", url))
        return links

    @property
    def suggestion_url(self) -> str:
        """The same search with the other spelling."""
        return self.url({**self.parameters, "q": [self.suggestion]})
