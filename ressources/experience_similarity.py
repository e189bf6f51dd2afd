"""« Territoires comme le mien »: which experiences were lived by communes like this one, and what makes them alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from ressources.population_bands import band_label, band_label_of, band_of
from territoires_en_commun.base.listing import Facet, Filter
from territoires_en_commun.base.listing.filters import FacetPart, FacetValue, Values
from territoires_en_commun.base.territory_programmes import coverage_rows
from territoires_en_commun.territories.forms import TerritoryField, label_of
from territoires_en_commun.territories.models import Territory, TerritoryClosure, TerritoryType


class Criterion(StrEnum):
    """What two territories may share; the value is that of the parameter ``selon``."""

    BAND = "strate"
    PROGRAMME = "programme"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"


LABELS = {
    Criterion.BAND: "Même strate de population",
    Criterion.PROGRAMME: "Même programme de l’État",
    Criterion.EPCI: "Même intercommunalité",
    Criterion.DEPARTEMENT: "Même département",
    Criterion.REGION: "Même région",
}
# Size weighs more than all that nearness brings (3 + 2 + 1), a shared programme more than a shared département.
WEIGHTS = {
    Criterion.BAND: 8,
    Criterion.PROGRAMME: 4,
    Criterion.EPCI: 3,
    Criterion.DEPARTEMENT: 2,
    Criterion.REGION: 1,
}
SCALES = {
    TerritoryType.EPCI: Criterion.EPCI,
    TerritoryType.EPT: Criterion.EPCI,
    TerritoryType.DEPARTEMENT: Criterion.DEPARTEMENT,
    TerritoryType.REGION: Criterion.REGION,
}
NEARNESS = {  # the nearest says the others
    Criterion.EPCI: "intercommunalité",
    Criterion.DEPARTEMENT: "département",
    Criterion.REGION: "région",
}
Trait = tuple[Criterion, int]  # a criterion, and the band or the primary key that is shared


@dataclass(frozen=True)
class SimilarPart:
    """What the places of the experiences are: the pages of each trait, those of each place, the newest first."""

    pages: dict[Trait, frozenset[int]]
    at: dict[int, frozenset[int]]
    programmes: dict[int, str]
    newest: tuple[int, ...]


@dataclass(frozen=True)
class Likeness:
    """The experiences of territories like one commune: what each shares with it, the most alike first."""

    shared: dict[int, frozenset[Trait]]
    ranked: tuple[int, ...]
    programmes: dict[int, str]
    details: dict[Criterion, str]

    def reason(self, pk: int) -> str:
        """« Même strate de population (500 à 2 000 habitants), même département »."""
        traits = self.shared.get(pk, frozenset())
        criteria = {criterion for criterion, _ in traits}
        told = [f"même strate de population ({band_label(band)})" for kind, band in traits if kind == Criterion.BAND]
        told += [f"même {name}" for criterion, name in NEARNESS.items() if criterion in criteria][:1]
        names = sorted(self.programmes[key] for kind, key in traits if kind == Criterion.PROGRAMME)
        told += [f"programme{'s' if len(names) > 1 else ''} {' et '.join(names)}"] if names else []
        return capfirst(", ".join(told))

    @cached_property
    def facet_part(self) -> FacetPart:
        """The criteria as a facet, each with its experiences."""
        pages: dict[str, set[int]] = defaultdict(set)
        for pk, traits in self.shared.items():
            for criterion, _ in traits:
                pages[criterion].add(pk)
        offered = tuple(FacetValue(criterion, self.label(criterion)) for criterion in Criterion)
        return FacetPart(offered, frozen(pages))

    def label(self, criterion: Criterion) -> str:
        """« Même département (Creuse) »."""
        detail = self.details.get(criterion, "")
        return f"{LABELS[criterion]} ({detail})" if detail else LABELS[criterion]


def likeness(commune: Territory, part: SimilarPart) -> Likeness:
    """How the experiences lived elsewhere look like those that this commune could live; one query."""
    own = part.at.get(commune.pk, frozenset())
    shared: dict[int, set[Trait]] = defaultdict(set)
    for trait in traits_of(commune):
        for pk in part.pages.get(trait, frozenset()) - own:
            shared[pk].add(trait)
    ages = {pk: age for age, pk in enumerate(part.newest)}
    ranked = sorted(shared, key=lambda pk: (-score(shared[pk]), ages[pk]))
    found = {pk: frozenset(traits) for pk, traits in shared.items()}
    return Likeness(found, tuple(ranked), part.programmes, details_of(commune))


def traits_of(commune: Territory) -> list[Trait]:
    """What a commune may share with others."""
    traits = [(SCALES[place.type], place.pk) for place in commune.containers if place.type in SCALES]
    lenders = {key for criterion, key in traits if criterion == Criterion.EPCI}
    today = timezone.localdate()
    running = {row.programme_id for row in coverage_rows({commune.pk, *lenders}) if not row.has_ended(today)}
    traits += [(Criterion.PROGRAMME, programme) for programme in running]
    band = band_of(commune.type, commune.population)
    return traits if band is None else [(Criterion.BAND, band), *traits]


def details_of(commune: Territory) -> dict[Criterion, str]:
    """What each criterion means for a commune: its band, the names of what contains it, the main one of each scale."""
    details = {Criterion.BAND: band_label_of(commune)}
    for place in commune.containers:
        if place.type in SCALES:
            details.setdefault(SCALES[place.type], place.name)
    return details


def score(traits: Iterable[Trait]) -> int:
    """How alike two territories are: each criterion counts once."""
    return sum(WEIGHTS[criterion] for criterion in {criterion for criterion, _ in traits})


def places_around(places: Iterable[int]) -> QuerySet:
    """For each place, itself and what contains it, with the programmes that run or ran there; one query.

    Rows of place, territory around, its type, programme, its name, its end; no programme gives None.
    """
    here = Q(distance=0) | Q(ancestor__type__in=SCALES, ancestor__is_active=True)
    programme = "ancestor__programme_coverages__programme"
    return TerritoryClosure.objects.filter(here, descendant__in=places).values_list(
        "descendant_id",
        "ancestor_id",
        "ancestor__type",
        f"{programme}_id",
        f"{programme}__name",
        "ancestor__programme_coverages__end",
    )


class SimilarFilter(Filter):
    """The experiences of territories like a commune, the most alike first."""

    template = "components/territory_field.html"
    lookups = ("place_id", "place__type", "place__population", "first_published_at")

    def __init__(self):
        super().__init__("comme", "Communes comme la mienne")

    def collect(self, pages: QuerySet, values: Values) -> SimilarPart:
        by_trait: dict[Trait, set[int]] = defaultdict(set)
        at: dict[int, set[int]] = defaultdict(set)
        for pk, place in values["place_id"]:
            if place is not None:
                at[place].add(pk)
        for (pk, type_), (_, population) in zip(values["place__type"], values["place__population"], strict=True):
            band = band_of(type_, population)
            if band is not None:
                by_trait[Criterion.BAND, band].add(pk)
        names: dict[int, str] = {}
        today = timezone.localdate()
        for place, around, type_, programme, name, end in places_around(at):
            scale = SCALES.get(type_)
            if scale:
                by_trait[scale, around] |= at[place]
            runs = programme and (end is None or end >= today)
            if runs and (around == place or scale == Criterion.EPCI):  # an intercommunalité lends its programmes
                names[programme] = name
                by_trait[Criterion.PROGRAMME, programme] |= at[place]
        return SimilarPart(frozen(by_trait), frozen(at), names, newest(values))

    def form_field(self, part: Any) -> TerritoryField:
        return TerritoryField(
            required=False,
            label=self.label,
            types={TerritoryType.COMMUNE},
            help_text="Votre commune : les expériences de celles qui lui ressemblent, avec la raison",
            error_messages={"unknown": "Aucune commune ne porte ce nom ni ce code ; vérifiez l’orthographe."},
        )

    def select(self, value: Territory, part: Likeness, pages: QuerySet) -> tuple[int, ...]:
        """``part`` is what the listing made of the snapshot for this commune."""
        return part.ranked

    def raw(self, value: Territory) -> list[str]:
        return [value.key]

    def tell(self, raw: str, value: Territory, part: Likeness) -> str:
        return f"Comme {label_of(value.name, value.precision)}"


class CriterionFacet(Facet):
    """What brings the experiences found near to the commune; its part is that of a request, not of a snapshot."""

    def __init__(self):
        super().__init__("selon", "Ce qui les rapproche")

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        return FacetPart((), {})


def frozen(sets: dict) -> dict:
    """The same with sets that nobody changes."""
    return {key: frozenset(pks) for key, pks in sets.items()}


def newest(values: Values) -> tuple[int, ...]:
    """Every page, the newest first."""
    dated = [(published is not None, published, pk) for pk, published in values["first_published_at"]]
    known = sorted((each for each in dated if each[0]), reverse=True)
    return tuple(pk for _, _, pk in [*known, *(each for each in dated if not each[0])])
