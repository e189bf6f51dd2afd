"""What « Ma commune en commun » says of a territory, ready for its templates."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeVar

from django.conf import settings
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.timezone import localdate

from territoires_en_commun.territories.models import Territory, TerritoryImport, TerritoryType

from .addresses import Place, place_of
from .formats import grouped
from .listing.territory import links_of_every_room
from .models import ProgrammeTerritory
from .registry import TerritoryBlock, territory_blocks
from .territory_programmes import ProgrammeLine, programme_lines

CODE_LABELS = {
    TerritoryType.EPCI: "Numéro SIREN",
    TerritoryType.EPT: "Numéro SIREN",
    TerritoryType.PAYS: "Code",
}
PARENT_LABELS = {
    TerritoryType.COMMUNE: "Commune",
    TerritoryType.EPT: "Établissement public territorial",
    TerritoryType.EPCI: "Intercommunalité",
    TerritoryType.DEPARTEMENT: "Département",
    TerritoryType.REGION: "Région",
    TerritoryType.PAYS: "Pays",
}
CONTAINS_COMMUNES = (TerritoryType.EPCI, TerritoryType.EPT, TerritoryType.DEPARTEMENT)
# What the page of each type lists.
INSIDE = {
    TerritoryType.PAYS: (TerritoryType.REGION,),
    TerritoryType.REGION: (TerritoryType.DEPARTEMENT,),
    TerritoryType.DEPARTEMENT: (TerritoryType.EPCI, TerritoryType.COMMUNE),
    TerritoryType.EPCI: (TerritoryType.EPT, TerritoryType.COMMUNE),
    TerritoryType.EPT: (TerritoryType.COMMUNE,),
}
# The containers of a commune that lend it their programmes: further ones say nothing of it in particular.
LENDING = (TerritoryType.EPCI, TerritoryType.EPT)


@dataclass(frozen=True)
class Fact:
    """A line of the identity card: a label, a text, and links instead of the text when there are some."""

    label: str
    text: str = ""
    links: tuple[Place, ...] = ()


class TerritoryPage:
    """The data of the page of one territory in force; each property queries once."""

    def __init__(self, territory: Territory, now: datetime):
        self.territory = territory
        self.now = now

    @property
    def type_label(self) -> str:
        """« commune », « intercommunalité »…"""
        return TerritoryType(self.territory.type).label

    @property
    def title(self) -> str:
        """Unique on the site: name, kind, and what tells it from a namesake."""
        precision = self.territory.precision
        if not precision or precision.startswith(self.type_label):
            return f"{self.territory.name}, {precision or self.type_label}"
        return f"{self.territory.name}, {self.type_label} – {precision}"

    @property
    def subtitle(self) -> str:
        """Kind and place, under the name."""
        return capfirst(self.title.removeprefix(f"{self.territory.name}, "))

    @property
    def description(self) -> str:
        """A sentence for search engines."""
        parts = [f"{self.title}."]
        if self.population:
            parts.append(f"{self.population}.")
        return " ".join([*parts, f"Programmes de l’État, acteurs et contenus utiles {self.territory.in_name}."])

    @property
    def population(self) -> str:
        """« 1 234 habitants », empty when unknown."""
        count = self.territory.population
        return "" if count is None else f"{grouped(count)}\u00a0habitant{'s' if count > 1 else ''}"

    @cached_property
    def map(self) -> TerritoryImport | None:
        """The import that made the map what it is, none before the first; mostly read with the territory."""
        if hasattr(self.territory, "latest_import"):
            return self.territory.latest_import
        return TerritoryImport.objects.defer("counts", "changes").order_by("-pk").first()

    @property
    def source(self) -> str:
        """Where the identity comes from."""
        year = f" {self.map.vintage}" if self.map else ""
        return f"code officiel géographique{year} et populations de référence (INSEE), DGCL, La Poste."

    @cached_property
    def facts(self) -> list[Fact]:
        """The identity card."""
        territory = self.territory
        facts = [Fact(CODE_LABELS.get(territory.type, "Code INSEE"), territory.code)]
        if territory.siren and territory.siren != territory.code:
            facts.append(Fact("Numéro SIREN", territory.siren))
        if territory.postal_codes:
            label = "Codes postaux" if len(territory.postal_codes) > 1 else "Code postal"
            facts.append(Fact(label, ", ".join(territory.postal_codes)))
        facts.append(Fact("Population", self.population or "non connue"))
        by_label = groupby(self.territory.containers, key=lambda container: PARENT_LABELS.get(container.type, ""))
        return facts + [Fact(label, links=tuple(map(place_of, group))) for label, group in by_label if label]

    @property
    def breadcrumb(self) -> list[dict[str, str]]:
        """From France to the territory, one step per scale: the main container of each."""
        steps, seen = [], set()
        for container in self.territory.containers:
            if container.type not in seen:
                seen.add(container.type)
                steps.append({"title": container.name, "url": place_of(container).get_absolute_url()})
        return [*reversed(steps), {"title": self.territory.name, "url": self.territory.get_absolute_url()}]

    @cached_property
    def programmes(self) -> list[ProgrammeLine]:
        """The programmes of the territory, then those of its intercommunalité; ended ones last."""
        lenders = {container.pk: container for container in self.territory.containers if container.type in LENDING}
        return programme_lines(self.territory, lenders, localdate(self.now))

    @cached_property
    def programmes_within(self) -> list[dict]:
        """For what contains communes: how many of its territories each programme accompanies today."""
        if self.territory.type not in (*CONTAINS_COMMUNES, TerritoryType.REGION):
            return []
        inside = Q(territory__ancestor_links__ancestor=self.territory) & ~Q(territory=self.territory)
        running = Q(end__isnull=True) | Q(end__gte=localdate(self.now))
        rows = (
            ProgrammeTerritory.objects.filter(inside, running)
            .values("programme__name", "programme__slug")
            .annotate(count=Count("territory", distinct=True))
            .order_by("programme__name")
        )
        return [
            {
                "name": row["programme__name"],
                "count": f"{grouped(row['count'])}\u00a0territoire{'s' if row['count'] > 1 else ''}",
            }
            for row in rows
        ]

    @cached_property
    def made_of(self) -> list[Territory]:
        """The former communes and the present parts of a commune."""
        if not self.is_commune or not getattr(self.territory, "has_former", True):
            return []
        here = Q(replaced_by=self.territory, is_active=False) | Q(commune=self.territory, is_active=True)
        return list(Territory.objects.filter(here).order_by("type", "code"))

    @property
    def former(self) -> list[Territory]:
        """The communes that joined this one, by name."""
        gone = [territory for territory in self.made_of if not territory.is_active]
        return sorted(gone, key=lambda territory: (territory.slug, territory.code))

    @property
    def parts(self) -> list[tuple[str, list[Territory]]]:
        """Arrondissements, communes déléguées and associées, by kind."""
        return by_kind([territory for territory in self.made_of if territory.is_active])

    @property
    def is_commune(self) -> bool:
        """Whether the territory is a commune."""
        return self.territory.type == TerritoryType.COMMUNE

    @property
    def has_communes(self) -> bool:
        """Whether the page lists communes."""
        return self.territory.type in CONTAINS_COMMUNES

    @cached_property
    def inside(self) -> tuple[Place, ...]:
        """The territories in force just inside this one, in alphabetical order; remembered between two imports."""
        if self.map is None:
            return places_inside(self.territory.pk, self.territory.type)
        return remembered_inside(self.territory.pk, self.territory.type, self.map.pk, self.map.imported_at)

    @property
    def communes(self) -> list[Place]:
        """The communes of the territory."""
        return [place for place in self.inside if place.type == TerritoryType.COMMUNE]

    @property
    def members(self) -> list[tuple[str, list[Place]]]:
        """The territories just inside, communes apart: few enough to be all listed."""
        return by_kind([place for place in self.inside if place.type != TerritoryType.COMMUNE])

    @cached_property
    def blocks(self) -> list[TerritoryBlock]:
        """What the rooms have to say of the territory."""
        with links_of_every_room():
            built = [builder(self.territory, self.now) for builder in territory_blocks]
        return [block for block in built if block is not None]

    @property
    def structured_data(self) -> dict:
        """The territory as schema.org describes an administrative area."""
        territory = self.territory
        data = {
            "@context": "https://schema.org",
            "@type": "Country" if territory.type == TerritoryType.PAYS else "AdministrativeArea",
            "name": territory.name,
            "url": settings.SITE_URL + territory.get_absolute_url(),
            "identifier": {
                "@type": "PropertyValue",
                "propertyID": CODE_LABELS.get(territory.type, "Code INSEE"),
                "value": territory.code,
            },
        }
        if territory.latitude is not None:
            data["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": territory.latitude,
                "longitude": territory.longitude,
            }
        if self.territory.containers:
            data["containedInPlace"] = [
                {
                    "@type": "AdministrativeArea",
                    "name": container.name,
                    "url": settings.SITE_URL + place_of(container).get_absolute_url(),
                }
                for container in self.territory.containers
            ]
        return data


def places_inside(territory: int, type_: str) -> tuple[Place, ...]:
    """The territories in force just inside one, in alphabetical order; one query.

    The type is looked at here when communes are wanted: asked of SQLite, it would read all those of France first.
    """
    wanted = INSIDE.get(type_, ())
    if not wanted:
        return ()
    found = Territory.objects.active()
    if type_ != TerritoryType.PAYS:  # every territory lies in France
        found = found.filter(ancestor_links__ancestor=territory).exclude(pk=territory)
    if type_ not in CONTAINS_COMMUNES:
        found = found.filter(type__in=wanted)
    rows = found.order_by().values_list("slug", "code", "type", "name")
    return tuple(Place(*row) for row in sorted(rows) if row[2] in wanted)


@lru_cache(maxsize=256)
def remembered_inside(territory: int, type_: str, _import: int, _imported_at: datetime) -> tuple[Place, ...]:
    """``places_inside`` under one import of the map."""
    return places_inside(territory, type_)


PlaceLike = TypeVar("PlaceLike", Territory, Place)


def by_kind(territories: list[PlaceLike]) -> list[tuple[str, list[PlaceLike]]]:
    """Territories under the plural of their kind."""
    kinds: dict[str, list[PlaceLike]] = {}
    for territory in territories:
        kinds.setdefault(plural_label(territory.type), []).append(territory)
    return list(kinds.items())


def plural_label(type_: str) -> str:
    """« Communes déléguées », « Régions »."""
    words = TerritoryType(type_).label.split()
    return capfirst(" ".join(f"{word}s" if not word.endswith(("s", "x")) else word for word in words))
