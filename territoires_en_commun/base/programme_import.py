"""Import of the territories that the programmes of the State cover, from ANCT's tab-separated file."""

import csv
import io
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from territoires_en_commun.territories.models import Territory, TerritoryType

from .models import Programme, ProgrammeTerritory

DATA = Path(__file__).parent / "data"
DEFAULT_PATH = DATA / "programmes_territoires.tsv.xz"
DEFAULT_SOURCE = "Agence nationale de la cohésion des territoires (ANCT), Licence Ouverte 2.0"
DEFAULT_DATE = date(2024, 9, 1)  # « septembre 2024 »: the file gives no day
COLUMNS = ["programme", "id", "libelle", "codes"]
SEPARATOR = re.compile(r"\s*;\s*")
# A code of five characters may be a commune, an arrondissement or a part of a commune, and it is one at most,
# save a commune and its part that shares its code: the commune answers.
PRECEDENCE = [
    TerritoryType.COMMUNE,
    TerritoryType.ARRONDISSEMENT,
    TerritoryType.COMMUNE_DELEGUEE,
    TerritoryType.COMMUNE_ASSOCIEE,
    TerritoryType.EPCI,
    TerritoryType.EPT,
]
BATCH = 500


class ProgrammeFileError(Exception):
    """The whole file is refused; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: references, labels and codes are lists because the source gathers several in one cell."""

    number: int
    programme: str
    refs: list[str]
    label: str
    codes: list[str]

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """Each (reference, label, code); raises ValueError when references and codes can't be paired.

        As many codes as references go two by two; one reference covers all its codes, one code is for all references.
        """
        labels = SEPARATOR.split(self.label)
        if len(labels) != len(self.refs):
            labels = [self.label] * len(self.refs)
        named = list(zip(self.refs, labels, strict=True))
        if len(self.codes) == len(self.refs):
            yield from ((ref, label, code) for (ref, label), code in zip(named, self.codes, strict=True))
        elif len(self.refs) == 1 or len(self.codes) == 1:
            yield from ((ref, label, code) for ref, label in named for code in self.codes)
        else:
            raise ValueError(f"{len(self.refs)} références pour {len(self.codes)} codes")


@dataclass
class Report:
    """What became of each coverage of the file."""

    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)
    unknown_codes: Counter = field(default_factory=Counter)
    redirected: dict[str, Territory] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    programmes_created: list[str] = field(default_factory=list)

    @property
    def coverages(self) -> int:
        return self.created + self.updated + self.unchanged


def read_lines(path: Path) -> list[Line]:
    """Read the file, compressed with xz or not; raise ProgrammeFileError when it isn't such a file."""
    try:
        content = path.read_bytes()
        text = (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8-sig")
    except OSError as error:
        raise ProgrammeFileError(f"Fichier illisible : {path} ({error.strerror}).") from error
    except (lzma.LZMAError, EOFError) as error:
        raise ProgrammeFileError(f"{path.name} n'est pas une archive xz entière.") from error
    except UnicodeDecodeError as error:
        raise ProgrammeFileError(f"{path.name} n'est pas en UTF-8 (octet {error.start}).") from error
    reader = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if next(reader, []) != COLUMNS:
            raise ProgrammeFileError(
                f"Ligne 1 : les colonnes attendues, séparées par des tabulations, sont {', '.join(COLUMNS)}."
            )
        return [_line(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise ProgrammeFileError(
            f"Ligne {reader.line_num} : retour à la ligne isolé ou valeur trop longue ; rien n'a été importé."
        ) from error


def _line(number: int, cells: list[str]) -> Line:
    if len(cells) != len(COLUMNS):
        raise ProgrammeFileError(
            f"Ligne {number} : {len(cells)} valeurs au lieu de {len(COLUMNS)} ; rien n'a été importé."
        )
    programme, refs, label, codes = (cell.strip() for cell in cells)
    split_codes = [code.upper() for code in re.split(r"[\s,;]+", codes) if code]
    return Line(number, programme, SEPARATOR.split(refs), label, split_codes)


def import_programmes(
    lines: list[Line],
    *,
    source: str = DEFAULT_SOURCE,
    source_date: date = DEFAULT_DATE,
    delete_missing: bool = False,
    progress: Callable[[Iterable], Iterable] = iter,
) -> Report:
    """Bring the coverages to what the file says, in one transaction; dates that editors wrote are kept.

    What the file no longer has is reported, and deleted only with ``delete_missing``, within the programmes named
    by the file and among rows that have a reference of the source.
    """
    with transaction.atomic():
        work = _Work(source, source_date)
        work.ensure_programmes()
        for line in progress(lines):
            work.read(line)
        work.save(delete_missing=delete_missing)
    return work.report


class _Work:
    """One import: the terms and territories by what the file calls them, the rows there, the rows to write."""

    def __init__(self, source: str, source_date: date):
        self.source, self.source_date, self.report = source, source_date, Report()
        self.programmes: dict[str, Programme] = {}
        self.by_code, self.by_siren = _territories()
        self.there: dict[tuple[int, int, str], ProgrammeTerritory] = {}
        self.doubles: list[ProgrammeTerritory] = []
        rows = ProgrammeTerritory.objects.select_related("territory", "programme").exclude(external_ref="")
        for row in rows.order_by("-territory__is_active", "pk"):  # today's communes before those they absorbed
            key = (row.programme_id, row.territory.replaced_by_id or row.territory_id, row.external_ref)
            if self.there.setdefault(key, row) is not row:
                self.doubles.append(row)
        self.seen: dict[tuple[int, int, str], int] = {}
        self.fresh: list[ProgrammeTerritory] = []
        self.stale: list[ProgrammeTerritory] = []

    def ensure_programmes(self) -> None:
        """Create the known programmes that are missing; those there belong to the editors."""
        for values in json.loads((DATA / "programmes.json").read_text(encoding="utf-8")):
            programme = Programme.objects.filter(slug=values["slug"]).first()
            if programme is None:
                programme = Programme.objects.create(**values)
                self.report.programmes_created.append(programme.name)
            self.programmes[_plain(values["name"])] = programme.current
        for programme in Programme.objects.all():
            self.programmes.setdefault(_plain(programme.name), programme.current)

    def read(self, line: Line) -> None:
        """Sort the coverages of a line: to create, to update, unchanged or refused."""
        self.report.lines += 1
        programme = self.programmes.get(_plain(line.programme))
        if any("\x00" in text for text in (line.programme, line.label, *line.refs, *line.codes)):
            self._refuse(line, "caractère nul")
            return
        if programme is None:
            self._refuse(line, f"programme inconnu : « {line.programme} »")
            return
        if not line.codes or not all(line.refs):
            self._refuse(line, "aucun code de territoire" if not line.codes else "référence vide")
            return
        try:
            pairs = list(line.pairs())
        except ValueError as error:
            self._refuse(line, str(error))
            return
        for ref, label, code in pairs:
            self._read_pair(line, programme, ref, label, code)

    def save(self, *, delete_missing: bool) -> None:
        """Write what differs, then deal with the rows that the file no longer has."""
        report = self.report
        ProgrammeTerritory.objects.bulk_create(self.fresh, batch_size=BATCH)
        ProgrammeTerritory.objects.bulk_update(
            self.stale, ["territory", "label", "source", "source_date"], batch_size=BATCH
        )
        report.created, report.updated = len(self.fresh), len(self.stale)
        named = {programme_id for programme_id, _, _ in self.seen}
        gone = [row for key, row in self.there.items() if key not in self.seen and key[0] in named]
        gone += [row for row in self.doubles if row.programme_id in named]
        report.missing = [f"{row.programme} : {row.territory} ({row.external_ref})" for row in gone]
        if delete_missing:
            for start in range(0, len(gone), BATCH):
                ids = [row.pk for row in gone[start : start + BATCH]]
                ProgrammeTerritory.objects.filter(pk__in=ids).delete()

    def _refuse(self, line: Line, cause: str) -> None:
        self.report.refused.append(f"ligne {line.number} : {cause}")

    def _read_pair(self, line: Line, programme: Programme, ref: str, label: str, code: str) -> None:
        found = self.by_code.get(code) or self.by_siren.get(code)
        if found is None:
            self.report.unknown_codes[code] += 1
            self._refuse(line, f"territoire inconnu : {code} ({line.programme}, {ref})")
            return
        territory = found.current
        if territory.pk != found.pk:
            self.report.redirected[code] = territory
        key = (programme.pk, territory.pk, ref)
        if key in self.seen:
            self._refuse(line, f"{ref} sur {territory} figure déjà à la ligne {self.seen[key]}")
            return
        row = ProgrammeTerritory(
            programme=programme,
            territory=territory,
            external_ref=ref,
            label=label,
            source=self.source,
            source_date=self.source_date,
        )
        try:
            row.clean_fields(exclude=["programme", "territory"])
        except ValidationError as error:
            self._refuse(line, " ; ".join(f"{name} : {' '.join(texts)}" for name, texts in error.message_dict.items()))
            return
        self.seen[key] = line.number
        self._compare(self.there.get(key), row)

    def _compare(self, old: ProgrammeTerritory | None, new: ProgrammeTerritory) -> None:
        if old is None:
            self.fresh.append(new)
            return
        names = ("territory_id", "label", "source", "source_date")
        if all(getattr(old, name) == getattr(new, name) for name in names):
            self.report.unchanged += 1
            return
        old.territory, old.label, old.source, old.source_date = new.territory, new.label, new.source, new.source_date
        self.stale.append(old)


def write_lines(path: Path, coverages: Iterable[ProgrammeTerritory]) -> int:
    """Write coverages as a file that read_lines reads, one per line; return its size in bytes."""
    lines = ["\t".join(COLUMNS)]
    lines += sorted(
        f"{row.programme.name}\t{row.external_ref}\t{row.label}\t{row.territory.code}" for row in coverages
    )
    packed = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    path.write_bytes(packed)
    return len(packed)


def _territories() -> tuple[dict[str, Territory], dict[str, Territory]]:
    """Territories by official code and by SIREN, with what replaced them."""
    by_type: dict[str, dict[str, Territory]] = defaultdict(dict)
    by_siren = {}
    rows = Territory.objects.filter(type__in=PRECEDENCE).order_by().select_related("replaced_by", "commune")
    for territory in rows.iterator(chunk_size=5000):
        by_type[territory.type][territory.code] = territory
        if territory.siren:
            by_siren.setdefault(territory.siren, territory)
    by_code = {}
    for type_ in reversed(PRECEDENCE):
        by_code |= by_type[type_]
    return by_code, by_siren


def _plain(name: str) -> str:
    """A programme's name as a key: no case, accents, ligatures nor apostrophes."""
    return slugify(name.replace("œ", "oe").replace("Œ", "oe").replace("’", " ").replace("'", " "))
