"""The filters and the order that only calls have: where they stand, who pays, since when they are published."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from agenda.calls.deadlines import day_in_france, status_on
from agenda.calls.kinds import CallStatus
from territoires_en_commun.base.listing import Facet, Filter, Sort
from territoires_en_commun.base.listing.filters import FacetPart, FacetValue, Values
from territoires_en_commun.base.models import BasePage, LinkKind, PageLink

# What a visitor who asks for the second one wants too, shown under it.
WITHIN = {CallStatus.CLOSING: CallStatus.OPEN, CallStatus.AWARDED: CallStatus.CLOSED}


class StatusFacet(Facet):
    """Where calls stand today; those that are closed are kept only when they are asked for."""

    lookups = ("opens_on", "closes_on", "has_winners")

    def __init__(self):
        super().__init__("statut", "Où en est l’appel")

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        today = day_in_france(timezone.now())
        sets = defaultdict(set)
        columns = (values[lookup] for lookup in self.lookups)
        for (pk, opens_on), (_, closes_on), (_, has_winners) in zip(*columns, strict=True):
            status = status_on(today, opens_on=opens_on, closes_on=closes_on, has_winners=has_winners)
            for each in {status, WITHIN.get(status, status)}:
                sets[each.value].add(pk)
        offered = tuple(
            FacetValue(status.value, capfirst(status.label), level=int(status in WITHIN)) for status in CallStatus
        )
        return FacetPart(offered, {value: frozenset(pks) for value, pks in sets.items()})

    def default(self, part: FacetPart) -> frozenset[int]:
        return self.pages_that_are(CallStatus.OPEN, part) | self.pages_that_are(CallStatus.UPCOMING, part)

    def pages_that_are(self, status: CallStatus, part: FacetPart) -> frozenset[int]:
        """Primary keys of the calls that stand there."""
        return part.pages.get(status.value, frozenset())


class FunderFacet(Facet):
    """Who pays, among the actors of the directory that visitors can read."""

    def __init__(self):
        super().__init__("financeur", "Financeurs")

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        links = PageLink.objects.filter(
            kind=LinkKind.FUNDER,
            source__in=pages.order_by().values("pk"),
            target__in=BasePage.objects.live_public().values("pk"),
        )
        titles, sets = {}, defaultdict(set)
        for pk, slug, title in links.order_by("target__title").values_list("source", "target__slug", "target__title"):
            titles[slug] = title
            sets[slug].add(pk)
        offered = tuple(FacetValue(slug, title) for slug, title in titles.items())
        return FacetPart(offered, {slug: frozenset(pks) for slug, pks in sets.items()})


class PublishedFilter(Filter):
    """Calls published in the last days."""

    DAYS = ("7", "30")

    def __init__(self):
        super().__init__("publies", "Publié depuis")

    def form_field(self, part: Any) -> forms.Field:
        return forms.ChoiceField(
            label=self.label,
            required=False,
            choices=[("", "Toutes les dates"), *((days, f"{days} jours") for days in self.DAYS)],
            error_messages={"invalid_choice": "les durées proposées sont 7 et 30 jours"},
        )

    def select(self, value: str, part: Any, pages: QuerySet) -> set[int]:
        oldest = timezone.now() - dt.timedelta(days=int(value))
        return set(pages.filter(first_published_at__gte=oldest).values_list("pk", flat=True))

    def tell(self, raw: str, value: str, part: Any) -> str:
        return f"{self.label} {raw} jours"


@dataclass(frozen=True)
class ClosingSort(Sort):
    """The soonest to close first, then those that have no limit, then those that are closed, the latest first."""

    def order(self, rows: list[tuple[int, dt.date | None]]) -> tuple[int, ...]:
        today = day_in_france(timezone.now())
        dated = [(closes_on, pk) for pk, closes_on in rows if closes_on]
        to_come = sorted(row for row in dated if row[0] >= today)
        over = sorted((row for row in dated if row[0] < today), reverse=True)
        undated = sorted(pk for pk, closes_on in rows if closes_on is None)
        return (*(pk for _, pk in to_come), *undated, *(pk for _, pk in over))


STATUS = StatusFacet()
CLOSING = ClosingSort("cloture", "Clôture la plus proche", "closes_on")
