"""The listing of experiences: by text, place and theme, or those of territories like one's own."""

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from ressources.experience_figures import cost_label, years_label
from ressources.experience_similarity import CriterionFacet, Likeness, SimilarFilter, likeness
from ressources.models import ExperiencePage, ExperienceStatus
from ressources.population_bands import inhabitants
from territoires_en_commun.base.freshness import review_label
from territoires_en_commun.base.listing import (
    NEAREST,
    RECENT,
    RELEVANCE,
    REVIEW,
    TITLE,
    AudienceFacet,
    ChoiceFacet,
    Column,
    Filter,
    Listing,
    ProgrammeFacet,
    Ranked,
    Sort,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
)
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.territories.forms import label_of
from territoires_en_commun.territories.models import Territory, TerritoryType

TERRITORY = TerritoryFilter()
SIMILAR = SimilarFilter()
CRITERION = CriterionFacet()
STATUSES = [(value, capfirst(label)) for value, label in ExperienceStatus.choices]
PLACE_TYPES = [
    (kind.value, capfirst(kind.label))
    for kind in (TerritoryType.COMMUNE, TerritoryType.EPCI, TerritoryType.DEPARTEMENT, TerritoryType.REGION)
]
ALIKE = Ranked("ressemblance", "Du plus au moins ressemblant", "comme")
CHEAPEST = Sort("cout", "Du moins au plus coûteux", "cost")
LATEST = Sort("debut", "Commencées récemment", "started_on", reverse=True)
# An experience has a hundred columns, of which a list shows these.
SHOWN_FIELDS = (
    "title",
    "slug",
    "url_path",
    "path",
    "depth",
    "locale",
    "content_type",
    "live",
    "review_date",
    "summary",
    "project_status",
    "started_on",
    "ended_on",
    "cost",
    "cost_unknown",
    "place__name",
    "place__precision",
    "place__population",
)


class CommuneForm(forms.Form):
    """The commune to which others are compared, read before the rest of the query string."""

    comme = SIMILAR.form_field(None)


class ExperienceRow(NamedTuple):
    """An experience as the list shows it."""

    page: ExperiencePage
    url: str
    place: str
    facts: list[str]
    status: str
    review: str
    reason: str
    tags: list[str]


class ExperienceListing(Listing):
    """The experiences of territories."""

    nouns = ("expérience", "expériences")
    the_only = "la seule"
    no_result = "Aucune expérience"
    search_label = "Rechercher une expérience"
    results_title = "Expériences"
    item_template = "ressources/experience_item.html"
    filters = (
        TextFilter(),
        TERRITORY,
        SIMILAR,
        CRITERION,
        ThemeFacet(),
        ProgrammeFacet(),
        AudienceFacet(),
        ChoiceFacet("etat", "État du projet", "project_status", STATUSES),
        ChoiceFacet("type", "Type de territoire", "place__type", PLACE_TYPES),
        REVIEW,
    )
    sorts = (RELEVANCE, ALIKE, NEAREST, RECENT, LATEST, CHEAPEST, TITLE)

    def pages(self) -> QuerySet:
        return ExperiencePage.objects.all()

    def state(self) -> Hashable:
        """Programmes of the State end from one day to the next, and days of review pass."""
        return timezone.localdate()

    # Territories like one's own

    @cached_property
    def commune(self) -> Territory | None:
        """The commune to which others are compared."""
        form = CommuneForm(self.request.GET)
        return form.cleaned_data["comme"] if form.is_valid() else None

    @cached_property
    def alike(self) -> Likeness | None:
        """What brings experiences near to that commune."""
        return self.likeness_of(self.commune) if self.commune else None

    def likeness_of(self, commune: Territory) -> Likeness:
        """What brings experiences near to a commune."""
        return likeness(commune, super().part(SIMILAR))

    def part(self, filter_: Filter) -> Any:
        """As its parent's; what two filters collected is read for the commune of this request."""
        if self.alike and filter_ is SIMILAR:
            return self.alike
        if self.alike and filter_ is CRITERION:
            return self.alike.facet_part
        return super().part(filter_)

    def without_archives(self, pks: Iterable[int]) -> list[int]:
        """These experiences in this order, less those that the list leaves out."""
        archived = super().part(REVIEW).archived
        return [pk for pk in pks if pk not in archived]

    # The rows

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.select_related("place").only(*SHOWN_FIELDS)

    def row(self, page: ExperiencePage) -> ExperienceRow:
        return ExperienceRow(
            page,
            page.get_url(),
            place_label(page),
            row_facts(page),
            capfirst(page.get_project_status_display()),
            review_label(page.review_date, timezone.localdate()),
            self.alike.reason(page.pk) if self.alike else "",
            self.theme_labels(page),
        )

    def columns(self) -> list[Column]:
        """Public information only: neither the contact nor a holder that visitors can't see."""
        own = [
            Column("Territoire", lambda page: page.place.name if page.place else ""),
            Column("Code officiel", lambda page: page.place.code if page.place else ""),
            Column("Population", lambda page: page.place.population if page.place else None),
            Column("Porteur", lambda page: page.holder.title if page.holder_id in self.public_holders else ""),
            Column("État du projet", lambda page: page.get_project_status_display()),
            Column("Début", lambda page: page.started_on),
            Column("Fin", lambda page: page.ended_on),
            Column("Coût en euros", lambda page: page.cost),
            Column("Équivalents temps plein", lambda page: page.fte),
        ]
        common = [column for column in super().columns() if column.header != "Type"]
        return [common[0], *own, *common[1:]]

    @cached_property
    def public_holders(self) -> frozenset[int]:
        """The holders whose fiche any visitor may read."""
        holders = ExperiencePage.objects.filter(pk__in=self.snapshot.pks).values("holder")
        public = self.visibility.visible(BasePage.objects.filter(pk__in=holders))
        return frozenset(public.values_list("pk", flat=True))

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(pages).select_related("place", "holder")


def place_label(page: ExperiencePage) -> str:
    """« Guéret – Creuse (23) »."""
    return label_of(page.place.name, page.place.precision) if page.place else ""


def row_facts(page: ExperiencePage) -> list[str]:
    """Population, years and cost, those that are known."""
    population = inhabitants(page.place.population) if page.place else ""
    return [fact for fact in (population, years_label(page), cost_label(page)) if fact]
