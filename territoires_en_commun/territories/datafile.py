"""The format of the territories data file: a JSON header line, then CSV, compressed with xz."""

import csv
import hashlib
import io
import json
import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

FORMAT = "territoires-en-commun/territoires"
FORMAT_VERSION = 1
DEFAULT_PATH = Path(__file__).parent / "data" / "territoires.csv.xz"
CODES = {
    "commune": re.compile(r"\d[\dAB]\d{3}"),
    "commune-deleguee": re.compile(r"\d[\dAB]\d{3}"),
    "commune-associee": re.compile(r"\d[\dAB]\d{3}"),
    "arrondissement": re.compile(r"\d{5}"),
    "epci": re.compile(r"\d{9}"),
    "ept": re.compile(r"\d{9}"),
    "departement": re.compile(r"\d[\dAB]|9[78]\d"),
    "region": re.compile(r"\d{2}|9[78]\d"),
    "pays": re.compile(r"[A-Z]{2}"),
}
# What may contain directly a territory of each type; the first is required.
CONTAINERS = {
    "commune": ("departement", "epci", "ept"),
    "commune-deleguee": ("commune",),
    "commune-associee": ("commune",),
    "arrondissement": ("commune",),
    "epci": ("departement",),
    "ept": ("departement", "epci"),
    "departement": ("region",),
    "region": ("pays",),
    "pays": (),
}
MAX_POPULATION = 100_000_000
NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,120}")


class DataFileError(Exception):
    """The file can't be imported; the message, in French, names the line and the cause."""


@dataclass(slots=True)
class TerritoryRow:
    """One line of the file, checked: all values are of their type."""

    type: str
    code: str
    name: str
    article_kind: int
    siren: str
    postal_codes: list[str]
    population: int | None
    category: str
    latitude: float | None
    longitude: float | None
    active: bool
    replaced_by: str
    """Key of today's territory, empty when there is none."""
    parents: list[str]
    """Keys of what directly contains it, nearest and main first."""

    @property
    def key(self) -> str:
        return f"{self.type}:{self.code}"


COLUMNS = [field.name for field in fields(TerritoryRow)]


@dataclass(slots=True)
class DataFile:
    """A whole data file, read and checked line by line."""

    vintage: str
    sha256: str
    rows: dict[str, TerritoryRow]
    lines: dict[str, int]


def write_territories(path: Path, vintage: str, sources: list[str], rows: Iterable[TerritoryRow]) -> int:
    """Write the file, the same bytes for the same content; return its size in bytes."""
    rows = list(rows)
    header = {"format": FORMAT, "version": FORMAT_VERSION, "vintage": vintage, "rows": len(rows), "sources": sources}
    text = io.StringIO()
    text.write(json.dumps(header, ensure_ascii=False) + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, column)) for column in COLUMNS])
    packed = lzma.compress(text.getvalue().encode(), format=lzma.FORMAT_XZ, preset=9 | lzma.PRESET_EXTREME)
    path.write_bytes(packed)
    return len(packed)


def read_territories(path: Path) -> DataFile:
    """Read and check the file; raise DataFileError naming the line and the cause."""
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise DataFileError(f"Fichier illisible : {path} ({error.strerror}).") from error
    try:
        text = lzma.decompress(packed).decode()
    except (lzma.LZMAError, EOFError) as error:
        raise DataFileError(f"{path.name} n'est pas une archive xz entière : elle est abîmée ou tronquée.") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"{path.name} n'est pas en UTF-8 (octet {error.start}).") from error
    head, _, body = text.partition("\n")
    header = _read_header(head)
    rows, lines = _read_rows(body)
    if len(rows) != header["rows"]:
        raise DataFileError(f"L'en-tête annonce {header['rows']} territoires, le fichier en contient {len(rows)}.")
    data = DataFile(header["vintage"], hashlib.sha256(packed).hexdigest(), rows, lines)
    _check_links(data)
    return data


def _cell(value) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _read_header(line: str) -> dict:
    try:
        header = json.loads(line)
    except ValueError as error:
        raise DataFileError("Ligne 1 : l'en-tête n'est pas du JSON.") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise DataFileError(f"Ligne 1 : l'en-tête n'annonce pas le format « {FORMAT} ».")
    if header.get("version") != FORMAT_VERSION:
        raise DataFileError(
            f"Ligne 1 : version {header.get('version')!r} du format ; ce logiciel lit la version {FORMAT_VERSION}."
        )
    if not isinstance(header.get("vintage"), str) or not re.fullmatch(r"\d{4}(\.\d{1,3})?", header["vintage"]):
        raise DataFileError("Ligne 1 : le millésime (« vintage ») manque ou n'est pas une année.")
    if not isinstance(header.get("rows"), int):
        raise DataFileError("Ligne 1 : le nombre de territoires (« rows ») manque.")
    return header


def _read_rows(body: str) -> tuple[dict[str, TerritoryRow], dict[str, int]]:
    reader = csv.reader(io.StringIO(body), strict=True)
    rows: dict[str, TerritoryRow] = {}
    lines: dict[str, int] = {}
    number = 2
    try:
        columns = next(reader, [])
        if columns != COLUMNS:
            raise DataFileError(f"Ligne 2 : les colonnes attendues sont {', '.join(COLUMNS)}.")
        for cells in reader:
            number = reader.line_num + 1
            if len(cells) != len(COLUMNS):
                raise ValueError(f"{len(cells)} valeurs au lieu de {len(COLUMNS)}")
            row = _parse_row(cells)
            if row.key in rows:
                raise ValueError(f"{row.key} figure déjà à la ligne {lines[row.key]}")
            rows[row.key], lines[row.key] = row, number
    except csv.Error as error:
        raise DataFileError(f"Ligne {reader.line_num + 1} : guillemet mal placé ou mal fermé.") from error
    except ValueError as error:
        raise DataFileError(f"Ligne {number} : {error}.") from error
    return rows, lines


def _parse_row(cells: list[str]) -> TerritoryRow:
    """Check the cells of a line one by one; raise ValueError with the cause in French."""
    type_, code, name, article, siren, postal, population, category, *point, active, replaced, parents = cells
    if type_ not in CODES:
        raise ValueError(f"type inconnu : {type_!r}")
    _require(CODES[type_].fullmatch(code), f"code {code!r} impossible pour le type {type_}")
    _require(name.strip() == name and NAME.fullmatch(name), f"nom impossible : {name!r}")
    _require(article in tuple("012345678"), f"type de liaison {article!r}, attendu de 0 à 8")
    _require(re.fullmatch(r"(\d{9})?", siren), f"SIREN {siren!r}, attendu 9 chiffres")
    postal_codes = postal.split()
    _require(all(re.fullmatch(r"\d{5}", postal_code) for postal_code in postal_codes), f"codes postaux {postal!r}")
    _require(re.fullmatch(r"\d{0,9}", population), f"population {population!r}, attendue entière et positive")
    _require(not population or int(population) <= MAX_POPULATION, f"population {population} invraisemblable")
    _require(re.fullmatch(r"\w{0,10}", category), f"nature {category!r}")
    _require(active in ("0", "1"), f"« active » vaut {active!r}, attendu 0 ou 1")
    latitude, longitude = _parse_point(*point)
    return TerritoryRow(
        type=type_,
        code=code,
        name=name,
        article_kind=int(article),
        siren=siren,
        postal_codes=postal_codes,
        population=int(population) if population else None,
        category=category,
        latitude=latitude,
        longitude=longitude,
        active=active == "1",
        replaced_by=replaced,
        parents=parents.split(),
    )


def _require(condition, cause: str) -> None:
    if not condition:
        raise ValueError(cause)


def _parse_point(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    if not latitude and not longitude:
        return None, None
    number = re.compile(r"-?\d{1,3}(\.\d{1,7})?")
    _require(number.fullmatch(latitude) and number.fullmatch(longitude), f"point {latitude!r}, {longitude!r}")
    point = float(latitude), float(longitude)
    _require(abs(point[0]) <= 90 and abs(point[1]) <= 180, f"point {latitude}, {longitude} hors du globe")
    return point


def _check_links(data: DataFile) -> None:
    """Every key that a line names must be a line, of a kind that makes sense there."""
    for key, row in data.rows.items():
        try:
            _check_successor(row, data.rows)
            _check_parents(row, data.rows)
        except ValueError as error:
            raise DataFileError(f"Ligne {data.lines[key]} : {error}.") from error


def _check_successor(row: TerritoryRow, rows: dict[str, TerritoryRow]) -> None:
    if not row.replaced_by:
        return
    _require(not row.active, f"{row.key} est en vigueur et pourtant remplacé par {row.replaced_by}")
    seen, successor = {row.key}, row
    while successor.replaced_by:
        _require(successor.replaced_by in rows, f"remplaçant inconnu : {successor.replaced_by}")
        successor = rows[successor.replaced_by]
        _require(successor.key not in seen, f"{row.key} finit par se remplacer lui-même")
        seen.add(successor.key)
    _require(successor.active, f"{row.key} est remplacé par {successor.key}, qui n'est pas en vigueur")


def _check_parents(row: TerritoryRow, rows: dict[str, TerritoryRow]) -> None:
    for parent in row.parents:
        _require(parent in rows, f"territoire englobant inconnu : {parent}")
        _require(rows[parent].active, f"territoire englobant qui n'est plus en vigueur : {parent}")
        _require(rows[parent].type in CONTAINERS[row.type], f"{parent} ne peut pas englober {row.key}")
    if row.active and row.type != "pays":
        expected = CONTAINERS[row.type][0]
        _require(any(rows[key].type == expected for key in row.parents), f"il manque à {row.key} son {expected}")
