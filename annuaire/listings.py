"""The listing of the directory: who covers a place, nearest first, and why."""

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Case, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst

from annuaire.kinds import ActorType, SheetStatus
from annuaire.models import ActorPage
from annuaire.models.actor import FRESH_FOR
from territoires_en_commun.base.formats import dialled_in_france, full_date
from territoires_en_commun.base.listing import (
    NEAREST,
    RELEVANCE,
    TITLE,
    ChoiceFacet,
    Column,
    Listing,
    ProgrammeFacet,
    Sort,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
)
from territoires_en_commun.base.listing.filters import Values
from territoires_en_commun.base.listing.sorts import folded
from territoires_en_commun.base.listing.territory import EMPTY, TerritoryPart
from territoires_en_commun.territories.models import Territory, TerritoryType

# The day from which a fiche can be relied on: one that is doubted is as if nobody had verified it.
TRUSTED_ON = Case(When(status=SheetStatus.TO_CHECK, then=None), default="verified_on")
VERIFIED = Sort("verification", "Vérifiés récemment", "trusted_on", reverse=True)
# A fiche has eighty columns, of which a list shows these.
SHOWN_FIELDS = (
    "title",
    "slug",
    "url_path",
    "path",
    "depth",
    "locale",
    "content_type",
    "live",
    "summary",
    "acronym",
    "type",
    "status",
    "verified_on",
    "commune__name",
)
TYPES = [(value, capfirst(label)) for value, label in ActorType.choices]
WORDS = {
    TerritoryType.COMMUNE: "votre commune",
    TerritoryType.EPT: "votre établissement public territorial",
    TerritoryType.EPCI: "votre intercommunalité",
    TerritoryType.DEPARTEMENT: "votre département",
    TerritoryType.REGION: "votre région",
}


@dataclass(frozen=True)
class ActorTerritoryPart(TerritoryPart):
    """As ``TerritoryPart``, with the rank of each actor inside a scale."""

    ranks: dict[int, tuple[bool, str]] = field(default_factory=dict)


class ActorTerritoryFilter(TerritoryFilter):
    """Actors who cover a place at every scale, nearest first, then those who act in a part of it."""

    lookups = ("title", "trusted_on")

    def collect(self, pages: QuerySet, values: Values) -> ActorTerritoryPart:
        part = super().collect(pages, values)
        oldest = timezone.localdate() - FRESH_FOR
        trusted = dict(values["trusted_on"])
        ranks = {pk: (is_old(trusted[pk], oldest), folded(title)) for pk, title in values["title"]}
        return ActorTerritoryPart(part.at, part.within, ranks)

    def scales(self, part: TerritoryPart, territory: int, containers: list[int]) -> list[frozenset[int]]:
        around = [part.at.get(place, EMPTY) for place in (territory, *containers)]
        return [*around, part.within.get(territory, EMPTY)]

    def ranked(self, part: ActorTerritoryPart, pks: frozenset[int]) -> list[int]:
        return sorted(pks, key=lambda pk: part.ranks.get(pk, (True, "")))


def is_old(trusted_on: dt.date | None, oldest: dt.date) -> bool:
    """Whether a fiche is doubted, or was verified too long ago to be relied on."""
    return trusted_on is None or trusted_on < oldest


TERRITORY = ActorTerritoryFilter()


class ActorRow(NamedTuple):
    """An actor as the list shows it."""

    page: ActorPage
    url: str
    detail: str
    reason: str
    checked: str
    is_stale: bool
    tags: list[str]


class DirectoryListing(Listing):
    """The actors of the directory."""

    nouns = ("acteur", "acteurs")
    no_result = "Aucun acteur"
    search_label = "Rechercher un acteur"
    results_title = "Acteurs"
    item_template = "annuaire/actor_item.html"
    filters = (
        TextFilter(),
        TERRITORY,
        ChoiceFacet("type", "Type d’acteur", "type", TYPES),
        ThemeFacet(),
        ProgrammeFacet(),
    )
    sorts = (RELEVANCE, NEAREST, TITLE, VERIFIED)

    def pages(self) -> QuerySet:
        return ActorPage.objects.annotate(trusted_on=TRUSTED_ON)

    def state(self) -> Hashable:
        """A fiche grows old from one day to the next."""
        return timezone.localdate()

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.select_related("commune").only(*SHOWN_FIELDS)

    def row(self, page: ActorPage) -> ActorRow:
        checked = f"Vérifiée le {full_date(page.verified_on)}" if page.verified_on else ""
        return ActorRow(
            page,
            page.get_url(self.visit),
            self.detail(page),
            self.reason(page.pk, self.values.get("territoire") if self.visit else None),
            checked,
            page.is_stale,
            self.theme_labels(page),
        )

    def detail(self, page: ActorPage) -> str:
        """« Association – Guéret »."""
        place = page.commune.name if page.commune else ""
        return " – ".join(filter(None, [capfirst(page.get_type_display()), place]))

    def reason(self, pk: int, territory: Territory | None) -> str:
        """Why an actor answers for a territory: the nearest of its own that covers it; empty without territory."""
        if territory is None:
            return ""
        part = self.part(TERRITORY)
        for place in (territory, *territory.containers):
            if pk in part.at.get(place.pk, EMPTY):
                return covering_reason(place, territory)
        return f"Agit dans une partie {of_yours(territory)}"

    def concerned(self, territory: Territory) -> list[int]:
        """Keys of the actors who cover a territory, nearest first, then of those who act in a part of it."""
        return TERRITORY.concerned(
            self.part(TERRITORY), territory.pk, [container.pk for container in territory.containers]
        )

    @property
    def points_url(self) -> str:
        """The points of the results, for the map."""
        return f"{reverse('api:actor_points')}?{urlencode(self.parameters, doseq=True)}"

    def columns(self) -> list[Column]:
        """Public information only."""
        own = [
            Column("Sigle", lambda page: page.acronym),
            Column("Type d’acteur", lambda page: page.get_type_display()),
            Column("SIREN", lambda page: page.siren),
            Column("SIRET", lambda page: page.siret),
            Column("Adresse postale", lambda page: page.address),
            Column("Code postal", lambda page: page.postal_code),
            Column("Commune", lambda page: page.commune.name if page.commune else ""),
            Column("Code INSEE", lambda page: page.commune.code if page.commune else ""),
            Column("Téléphone", lambda page: dialled_in_france(page.public_phone) if page.public_phone else ""),
            Column("Adresse e-mail", lambda page: page.public_email),
            Column("Site internet", lambda page: page.website),
            Column("Vérifiée le", lambda page: page.verified_on),
        ]
        common = [column for column in super().columns() if column.header != "Type"]
        return [common[0], *own, *common[1:]]

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(pages).select_related("commune")


def covering_reason(place: Territory, asked: Territory) -> str:
    """« Couvre votre intercommunalité (Grand Guéret) », « Couvre toute la France »."""
    if place.type == TerritoryType.PAYS:
        return "Couvre toute la France"
    name = "" if place == asked else f" ({place.name})"
    return f"Couvre {WORDS.get(place.type, 'votre territoire')}{name}"


def of_yours(territory: Territory) -> str:
    """« de votre département », « de la France »."""
    if territory.type == TerritoryType.PAYS:
        return "de la France"
    return f"de {WORDS.get(territory.type, 'votre territoire')}"
