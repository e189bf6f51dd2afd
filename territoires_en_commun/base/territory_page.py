"""What « Ma commune en commun » says of a territory, ready for its templates."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate

from territoires_en_commun.territories.models import Territory, TerritoryImport, TerritoryType

from .formats import grouped
from .models import Programme, ProgrammeTerritory
from .registry import TerritoryBlock, territory_blocks

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
COMMUNAL_PARTS = (TerritoryType.ARRONDISSEMENT, TerritoryType.COMMUNE_DELEGUEE, TerritoryType.COMMUNE_ASSOCIEE)
CONTAINS_COMMUNES = (TerritoryType.EPCI, TerritoryType.EPT, TerritoryType.DEPARTEMENT)
# The containers of a commune that lend it their programmes: further ones say nothing of it in particular.
LENDING = (TerritoryType.EPCI, TerritoryType.EPT)


@dataclass(frozen=True)
class Fact:
    """A line of the identity card: a label, a text, and links instead of the text when there are some."""

    label: str
    text: str = ""
    links: tuple[Territory, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """One way in which a programme accompanies the territory: its local name, when, and through which territory."""

    row: ProgrammeTerritory
    via: Territory | None
    today: date

    @property
    def period(self) -> str:
        """« depuis le 1er octobre 2020 », « du … au … », empty when the source gives no date."""
        start, end = self.row.start, self.row.end
        if start and end:
            return f"du {date_format(start, 'j F Y')} au {date_format(end, 'j F Y')}"
        if start:
            return f"depuis le {date_format(start, 'j F Y')}"
        return f"jusqu’au {date_format(end, 'j F Y')}" if end else ""

    @property
    def is_over(self) -> bool:
        """The programme no longer covers the territory."""
        return self.row.end is not None and self.row.end < self.today


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme, and every way in which it accompanies the territory; ended ones last."""

    programme: Programme
    coverages: list[Coverage]

    @property
    def is_over(self) -> bool:
        """None of the coverages runs any more."""
        return all(coverage.is_over for coverage in self.coverages)

    @property
    def is_lent(self) -> bool:
        """The territory has the programme through its intercommunalité only."""
        return all(coverage.via is not None for coverage in self.coverages)

    @property
    def details(self) -> list[Coverage]:
        """The coverages that say more than « yes »: a local name, a period, an intercommunalité."""
        return [each for each in self.coverages if each.via or each.period or each.row.label]

    @property
    def sources(self) -> list[str]:
        """« ANCT, septembre 2024 »."""
        return list(dict.fromkeys(f"{c.row.source}, {date_format(c.row.source_date, 'F Y')}" for c in self.coverages))


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
    def vintage(self) -> str:
        """The year of the geographic code in place, empty before any import."""
        return TerritoryImport.objects.order_by("-pk").values_list("vintage", flat=True).first() or ""

    @property
    def source(self) -> str:
        """Where the identity comes from."""
        year = f" {self.vintage}" if self.vintage else ""
        return f"code officiel géographique{year} et populations de référence (INSEE), DGCL, La Poste."

    @cached_property
    def containers(self) -> list[Territory]:
        """What contains the territory, nearest first."""
        return list(Territory.objects.active().covering(self.territory).exclude(pk=self.territory.pk))

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
        by_label = groupby(self.containers, key=lambda container: PARENT_LABELS.get(container.type, ""))
        return facts + [Fact(label, links=tuple(group)) for label, group in by_label if label]

    @property
    def breadcrumb(self) -> list[dict[str, str]]:
        """From France to the territory, one step per scale: the main container of each."""
        steps, seen = [], set()
        for container in self.containers:
            if container.type not in seen:
                seen.add(container.type)
                steps.append({"title": container.name, "url": container.get_absolute_url()})
        return [*reversed(steps), {"title": self.territory.name, "url": self.territory.get_absolute_url()}]

    @cached_property
    def programmes(self) -> list[ProgrammeLine]:
        """The programmes of the territory, then those of its intercommunalité; ended ones last."""
        lenders = {container.pk: container for container in self.containers if container.type in LENDING}
        rows = (
            ProgrammeTerritory.objects.filter(territory__in=[self.territory.pk, *lenders])
            .select_related("programme")
            .order_by("programme__name", "label", "pk")
        )
        today = localdate(self.now)
        coverages = [Coverage(row, lenders.get(row.territory_id), today) for row in rows]
        coverages.sort(key=lambda coverage: (coverage.row.programme.name, coverage.is_over))
        lines = [
            ProgrammeLine(programme, list(group))
            for programme, group in groupby(coverages, key=lambda coverage: coverage.row.programme)
        ]
        return sorted(lines, key=lambda line: (line.is_over, line.is_lent))

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
    def former(self) -> list[Territory]:
        """The communes that joined this one."""
        return list(self.territory.replaces.filter(is_active=False).order_by("name")) if self.is_commune else []

    @cached_property
    def parts(self) -> list[tuple[str, list[Territory]]]:
        """Arrondissements, communes déléguées and associées, by kind."""
        if not self.is_commune:
            return []
        found = self.territory.parts.filter(is_active=True, type__in=COMMUNAL_PARTS).order_by("type", "code")
        return [(plural_label(type_), list(group)) for type_, group in groupby(found, key=lambda part: part.type)]

    @property
    def is_commune(self) -> bool:
        """Whether the territory is a commune."""
        return self.territory.type == TerritoryType.COMMUNE

    @property
    def has_communes(self) -> bool:
        """Whether the page lists communes."""
        return self.territory.type in CONTAINS_COMMUNES

    def inside(self) -> QuerySet:
        """The territories in force inside this one, at any scale."""
        return Territory.objects.active().within(self.territory)

    @cached_property
    def members(self) -> list[tuple[str, list[Territory]]]:
        """The territories just inside, communes apart: few enough to be all listed."""
        wanted = {
            TerritoryType.PAYS: [TerritoryType.REGION],
            TerritoryType.REGION: [TerritoryType.DEPARTEMENT],
            TerritoryType.DEPARTEMENT: [TerritoryType.EPCI],
            TerritoryType.EPCI: [TerritoryType.EPT],
        }.get(self.territory.type)
        if wanted is None:
            return []
        inside = self.inside().filter(type__in=wanted).order_by("type", "slug")
        return [(plural_label(type_), list(group)) for type_, group in groupby(inside, key=lambda member: member.type)]

    @cached_property
    def blocks(self) -> list[TerritoryBlock]:
        """What the rooms have to say of the territory."""
        built = (builder(self.territory, self.now) for builder in territory_blocks)
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
        if self.containers:
            data["containedInPlace"] = [
                {
                    "@type": "AdministrativeArea",
                    "name": container.name,
                    "url": settings.SITE_URL + container.get_absolute_url(),
                }
                for container in self.containers
            ]
        return data


def plural_label(type_: str) -> str:
    """« Communes déléguées », « Régions »."""
    words = TerritoryType(type_).label.split()
    return capfirst(" ".join(f"{word}s" if not word.endswith(("s", "x")) else word for word in words))
