"""Local authorities and national actors, from the official geographic code and two small data files."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q
from django.utils.text import slugify

from annuaire.kinds import ActorType
from annuaire.models import ActorPage, DirectoryPage
from territoires_en_commun.base.bulk import add_published_children
from territoires_en_commun.base.formats import grouped
from territoires_en_commun.base.models import Theme
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory
from territoires_en_commun.territories.models import Territory, TerritoryImport, TerritoryType

DATA = Path(__file__).parent / "data"
REVIEW_AFTER = dt.timedelta(days=365)
COMMON_WORK = (
    "Aménagement, développement économique, mobilités, déchets, eau\u00a0: elle exerce avec ses communes "
    "ce qui se fait mieux à plusieurs."
)
COUNCILS = (TerritoryType.EPCI, TerritoryType.DEPARTEMENT, TerritoryType.REGION)


class MissingThemes(ValueError):  # noqa: N818 - it reads as what happened
    """None of the themes that these actors need exists."""


@cache
def read(name: str) -> dict[str, Any]:
    """A data file of the directory."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


class Loader:
    """Creates the actors that are missing; what exists is never written again."""

    def __init__(self, directory: DirectoryPage, owner: AbstractBaseUser, today: dt.date):
        self.directory = directory
        self.owner = owner
        self.today = today
        self.themes = {theme.slug: theme.current for theme in Theme.objects.select_related("replaced_by")}
        self.territories: dict[str, Territory | None] = {
            territory.key: territory for territory in Territory.objects.active().filter(type__in=COUNCILS)
        }
        self.pages: list[ActorPage] = []
        self.relations: dict[int, dict[str, list]] = {}
        self.known = set(ActorPage.objects.exclude(external_ref="").values_list("external_ref", flat=True))
        self.sirens = set(ActorPage.objects.filter(siret="").exclude(siren="").values_list("siren", flat=True))
        self.slugs = set(self.directory.get_children().values_list("slug", flat=True))

    def add(self, page: ActorPage, *, themes: list[str], territories: list[Territory]) -> bool:
        """Prepare an actor; False when it is already in the directory or acts nowhere on the map.

        Raise MissingThemes when none of its themes exists.
        """
        if not territories or page.external_ref in self.known or (page.siren and page.siren in self.sirens):
            return False
        found = list(dict.fromkeys(self.themes[slug] for slug in themes if slug in self.themes))
        if not found:
            raise MissingThemes(f"Aucune de ces thématiques n’existe : {', '.join(themes)}. Lancez d’abord init_site.")
        page.slug = self.free_slug(page)
        page.review_owner, page.review_date = self.owner, self.today + REVIEW_AFTER
        self.relations[len(self.pages)] = {"themes": found, "territories": territories}
        self.pages.append(page)
        self.known.add(page.external_ref)
        return True

    def free_slug(self, page: ActorPage) -> str:
        """An address that no other actor has."""
        base = slugify(page.title.replace("’", " "))[:200] or "acteur"
        slug, number = base, 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        self.slugs.add(slug)
        return slug

    def save(self) -> int:
        """Write what was prepared, published, in one transaction; the number of actors."""
        add_published_children(self.directory, self.pages, self.relations)
        count = len(self.pages)
        self.pages, self.relations = [], {}
        return count

    def find(self, *keys: str) -> list[Territory]:
        """Territories of the map as they are today; those that the map does not have are left out."""
        for key in keys:
            if key not in self.territories:
                self.territories[key] = chosen_territory(key)
        return [territory for key in keys if (territory := self.territories[key])]


def prepare_local_authorities(loader: Loader) -> Iterator[ActorPage]:
    """The council of each EPCI, département and région, one for each legal body; yields what is new."""
    data = read("collectivites.toml")
    source, verified_on = map_source(loader.today)
    for body in data["body"]:
        territories = loader.find(*body["territories"])
        represents = next(iter(loader.find(body["represents"])), None) if "represents" in body else None
        page = ActorPage(
            title=typeset(body["name"]),
            acronym=body.get("acronym", ""),
            type=body["type"],
            represents=represents,
            siren=represents.siren if represents else "",
            summary=typeset(body["summary"]),
            external_ref=f"cog:{body.get('represents', body['territories'][0])}",
            source=source,
            verified_on=verified_on,
        )
        if loader.add(page, themes=data["themes"][body["type"]], territories=territories):
            yield page
    without, sizes = set(data["without"]["keys"]), communes_of_epci()
    councils = [t for key, t in list(loader.territories.items()) if t and t.type in COUNCILS and key not in without]
    for territory in councils:
        page = council_of(territory, sizes.get(territory.pk, 0))
        page.source, page.verified_on = source, verified_on
        if loader.add(page, themes=data["themes"][page.type], territories=[territory]):
            yield page


def council_of(territory: Territory, communes: int) -> ActorPage:
    """The council that follows the rule: one territory, one body."""
    if territory.type == TerritoryType.EPCI:
        title, siren, summary = territory.name, territory.code, epci_summary(territory, communes)
    elif territory.type == TerritoryType.DEPARTEMENT:
        title, siren = f"Département {territory.of_name}", territory.siren
        summary = (
            f"Le département agit {territory.in_name} pour les solidarités, les collèges, les routes "
            "et l’appui aux communes."
        )
    else:
        title, siren = f"Région {territory.name}", territory.siren
        summary = (
            f"La région agit {territory.in_name} pour le développement économique, les lycées, "
            "la formation professionnelle et les transports."
        )
    return ActorPage(
        title=typeset(title),
        type=ActorType(territory.type),
        siren=siren,
        represents=territory,
        summary=summary,
        external_ref=f"cog:{territory.key}",
    )


def epci_summary(territory: Territory, communes: int) -> str:
    """« Elle réunit 31 communes et 101 234 habitants… »."""
    size = [f"{grouped(communes)}\u00a0communes"] if communes > 1 else []
    if territory.population:
        size.append(f"{grouped(territory.population)}\u00a0habitants")
    opening = f"Elle réunit {' et '.join(size)}." if size else "Une intercommunalité à fiscalité propre."
    return f"{opening} {COMMON_WORK}"


def communes_of_epci() -> dict[int, int]:
    """Number of communes in force of each EPCI."""
    inside = Q(descendant_links__descendant__type=TerritoryType.COMMUNE, descendant_links__descendant__is_active=True)
    found = Territory.objects.active().filter(type=TerritoryType.EPCI).annotate(communes=Count("pk", filter=inside))
    return dict(found.values_list("pk", "communes"))


def map_source(today: dt.date) -> tuple[str, dt.date]:
    """Where the facts come from, and the day when they were read."""
    latest = TerritoryImport.objects.order_by("-pk").first()
    year = f" {latest.vintage}" if latest else ""
    return f"Code officiel géographique{year} (INSEE), DGCL, Licence Ouverte 2.0", today


def prepare_national_actors(loader: Loader) -> Iterator[ActorPage]:
    """The operators of the State and the national networks; yields what is new."""
    france = loader.find("pays:FR")
    for entry in read("acteurs_nationaux.toml")["actor"]:
        page = ActorPage(
            title=typeset(entry["name"]),
            acronym=entry.get("acronym", ""),
            type=entry["type"],
            website=entry["website"],
            summary=typeset(entry["summary"]),
            external_ref=f"national:{entry['ref']}",
            verified_on=loader.today,
            source="Site officiel de l’organisme",
        )
        if loader.add(page, themes=entry["themes"], territories=france):
            yield page
