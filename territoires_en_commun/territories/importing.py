"""The yearly import: brings the tables to what the data file says, in one transaction, keeping every id."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from django.db import connection, transaction
from django.utils.text import slugify

from . import lineage
from .datafile import DataFile, TerritoryRow
from .models import Territory, TerritoryClosure, TerritoryImport

BATCH = 1000
MAX_REMOVALS = 100  # more territories than that never vanish in a year without a successor: the file is wrong
COLUMNS = [
    "type",
    "code",
    "name",
    "article_kind",
    "slug",
    "precision",
    "siren",
    "postal_codes",
    "population",
    "category",
    "latitude",
    "longitude",
    "is_active",
    "replaced_by_id",
    "commune_id",
]
RETIRED = {"is_active": False, "precision": "n'existe plus"}
Progress = Callable[[range, str], Iterable[int]]


class ImportRefusedError(Exception):
    """The file is sound but importing it would harm; the message, in French, says why."""


@dataclass
class Report:
    """What an import changed; names are those that the site prints."""

    counts: Counter = field(default_factory=Counter)
    created: Counter = field(default_factory=Counter)
    renamed: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    populations: int = 0
    updated: int = 0
    links: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything differs from before."""
        return bool(self.created or self.updated or self.links)

    def summary(self) -> dict[str, int]:
        """The changes as numbers, for the record of imports."""
        lists = {name: len(getattr(self, name)) for name in ("renamed", "merged", "vanished", "restored", "moved")}
        return {"created": self.created.total(), "populations": self.populations, "updated": self.updated} | lists


def slug_of(name: str) -> str:
    """The readable end of a territory's address: « L'Haÿ-les-Roses » gives ``l-hay-les-roses``."""
    spaced = name.replace("'", " ").replace("’", " ").lower().replace("œ", "oe").replace("æ", "ae")
    return slugify(spaced) or "territoire"


def import_territories(data: DataFile, *, progress: Progress, force: bool = False) -> Report:
    """Bring the tables to the state of the file, all or nothing; raise ImportRefusedError when it would harm.

    Ids are kept; what the file no longer names becomes inactive and is never deleted. ``force`` accepts an older
    vintage and the disappearance of many territories. ``progress`` wraps a range of batches, with a label.
    """
    with transaction.atomic():
        latest = TerritoryImport.objects.order_by("pk").last()
        if latest and data.vintage < latest.vintage and not force:
            raise ImportRefusedError(
                f"Le fichier est du millésime {data.vintage}, plus ancien que celui en place ({latest.vintage})."
            )
        work = _Work(data, progress)
        work.refuse_removals(force)
        work.save_territories()
        work.save_closure()
        report = work.report
        if report.changed:
            _refresh_statistics()
        if report.changed or not latest or (latest.sha256, latest.vintage) != (data.sha256, data.vintage):
            TerritoryImport.objects.create(
                vintage=data.vintage, sha256=data.sha256, counts=dict(report.counts), changes=report.summary()
            )
    return report


class _Work:
    """One import: the rows wanted, the rows there, and the ids of both by key."""

    def __init__(self, data: DataFile, progress: Progress):
        self.rows, self.progress, self.report = data.rows, progress, Report()
        self.report.counts = Counter(row.type if row.active else f"{row.type} (ancien)" for row in self.rows.values())
        self.ids: dict[str, int] = {}
        self.before: dict[str, dict] = {}
        for values in Territory.objects.order_by().values("pk", *COLUMNS):
            key = f"{values['type']}:{values['code']}"
            self.ids[key], self.before[key] = values.pop("pk"), values
        self.gone = [key for key in self.before if key not in self.rows]
        known: dict[str, list[str]] = {}
        self.above = {key: lineage.ancestors(key, self.rows, known) for key in self.rows}

    def refuse_removals(self, force: bool) -> None:
        """Refuse a file from which too many territories in force are missing."""
        lost = [key for key in self.gone if self.before[key]["is_active"]]
        if len(lost) > MAX_REMOVALS and not force:
            raise ImportRefusedError(
                f"{len(lost)} territoires en vigueur manquent dans le fichier ({', '.join(lost[:3])}…) : "
                "il semble incomplet."
            )

    def save_territories(self) -> None:
        """Create and update rows; those that others refer to come first, since a reference needs an id."""
        counts = lineage.commune_counts(self.rows)
        independent, dependent = [], []
        for key, row in self.rows.items():
            (dependent if row.replaced_by or _commune_key(row) else independent).append(key)
        self._save("Territoires", {key: self._values(key, counts[key]) for key in independent})
        self._save("Anciennes communes et parties", {key: self._values(key, counts[key]) for key in dependent})
        self._save("Disparus", {key: self.before[key] | RETIRED for key in self.gone})

    def save_closure(self) -> None:
        """Bring the closure to what the rows say; that of a vanished EPCI or département stays as it was."""
        self._place_vanished_parts()
        wanted = {(self.ids[key], self.ids[key]): 0 for key in self.above}
        for key, above in self.above.items():
            for distance, ancestor in enumerate(above, start=1):
                wanted[self.ids[key], self.ids[ancestor]] = distance
        kept = {self.ids[key] for key in self.gone if key not in self.above}
        surplus, lost = [], set()
        links = TerritoryClosure.objects.values_list("pk", "descendant_id", "ancestor_id", "distance")
        for pk, descendant, ancestor, distance in links.iterator(chunk_size=10_000):
            if wanted.get((descendant, ancestor)) == distance:
                del wanted[descendant, ancestor]
            elif descendant not in kept:
                surplus.append(pk)
                lost.add((descendant, ancestor))
        self._report_moves(lost, set(wanted))
        for start in range(0, len(surplus), BATCH):
            TerritoryClosure.objects.filter(pk__in=surplus[start : start + BATCH]).delete()
        fresh = [(descendant, ancestor, distance) for (descendant, ancestor), distance in wanted.items()]
        for start in self.progress(range(0, len(fresh), BATCH), "Qui contient quoi"):
            _insert_links(fresh[start : start + BATCH])
        self.report.links = len(surplus) + len(fresh)

    def _place_vanished_parts(self) -> None:
        """A commune déléguée or associée that no longer exists stays within the commune it was part of."""
        keys = {pk: key for key, pk in self.ids.items()}
        for key in self.gone:
            seat = keys.get(self.before[key]["commune_id"])
            if seat in self.rows:
                today = lineage.current_key(seat, self.rows)
                self.above[key] = [today, *self.above[today]]

    def _values(self, key: str, communes: int) -> dict:
        row = self.rows[key]
        return {
            "type": row.type,
            "code": row.code,
            "name": row.name,
            "article_kind": row.article_kind,
            "slug": slug_of(row.name),
            "precision": lineage.precision(row, self.rows, self.above[key], communes),
            "siren": row.siren,
            "postal_codes": row.postal_codes,
            "population": row.population,
            "category": row.category,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "is_active": row.active,
            "replaced_by_id": self.ids[lineage.current_key(key, self.rows)] if row.replaced_by else None,
            "commune_id": self.ids[_commune_key(row)] if _commune_key(row) else None,
        }

    def _save(self, label: str, wanted: dict[str, dict]) -> None:
        different = [key for key, values in wanted.items() if self.before.get(key) != values]
        for start in self.progress(range(0, len(different), BATCH), label):
            keys = different[start : start + BATCH]
            saved = Territory.objects.bulk_create(
                [Territory(**wanted[key]) for key in keys],
                update_conflicts=True,
                unique_fields=["type", "code"],
                update_fields=[column.removesuffix("_id") for column in COLUMNS[2:]],
            )
            self.ids |= {key: territory.pk for key, territory in zip(keys, saved, strict=True)}
        for key in different:
            self._report_difference(key, wanted[key])

    def _report_difference(self, key: str, after: dict) -> None:
        report, before = self.report, self.before.get(key)
        if before is None:
            report.created[after["type"]] += 1
            return
        report.updated += 1
        report.populations += before["population"] != after["population"]
        label = f"{after['name']} ({after['code']})"
        if before["name"] != after["name"]:
            report.renamed.append(f"{before['name']} → {label}")
        if before["is_active"] and not after["is_active"]:
            if after["replaced_by_id"]:
                successor = self.rows[lineage.current_key(key, self.rows)]
                report.merged.append(f"{label} → {successor.name} ({successor.code})")
            else:
                report.vanished.append(label)
        if after["is_active"] and not before["is_active"]:
            report.restored.append(label)

    def _report_moves(self, lost: set[tuple[int, int]], gained: set[tuple[int, int]]) -> None:
        """Communes there before and after whose EPCI is no longer the same."""
        names = {self.ids[key]: row.name for key, row in self.rows.items() if row.type == "epci"}
        names |= {self.ids[key]: self.before[key]["name"] for key in self.gone if key.startswith("epci:")}
        left = {descendant: names[ancestor] for descendant, ancestor in lost - gained if ancestor in names}
        joined = {descendant: names[ancestor] for descendant, ancestor in gained - lost if ancestor in names}
        for key, row in self.rows.items():
            steady = row.type == "commune" and row.active and self.before.get(key, {}).get("is_active")
            if steady and (self.ids[key] in left or self.ids[key] in joined):
                old, new = left.get(self.ids[key], "aucun EPCI"), joined.get(self.ids[key], "aucun EPCI")
                self.report.moved.append(f"{row.name} ({row.code}) : {old} → {new}")


def _refresh_statistics() -> None:
    """Tell the query planner what the tables hold now; it would otherwise take them for nearly empty."""
    with connection.cursor() as cursor:
        for model in (Territory, TerritoryClosure):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _insert_links(links: list[tuple[int, int, int]]) -> None:
    """Insert rows of the closure without building a model instance for each: there are over 200,000."""
    columns = [TerritoryClosure._meta.get_field(name).column for name in ("descendant", "ancestor", "distance")]
    table, *names = (connection.ops.quote_name(name) for name in (TerritoryClosure._meta.db_table, *columns))
    values = ", ".join(["(%s, %s, %s)"] * len(links))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {values}",  # noqa: S608 (names are ours)
            list(chain.from_iterable(links)),
        )


def _commune_key(row: TerritoryRow) -> str:
    """The key of the commune that a commune déléguée, associée or an arrondissement is part of."""
    return next((parent for parent in row.parents if parent.startswith("commune:")), "")
