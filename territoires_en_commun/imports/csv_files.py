"""Delimited text files as French spreadsheets write them: detection, strict reading, harmless writing."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat

MAX_BYTES = 5 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 20_000
SAMPLE_ROWS = 200
# A spreadsheet runs a cell that begins so as a formula (OWASP, « CSV Injection »).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# First bytes of what people send for want of a CSV.
OTHER_FORMATS = (
    (b"PK\x03\x04", "C’est un classeur (XLSX, ODS) ou une archive"),
    (b"\xd0\xcf\x11\xe0", "C’est un classeur d’un ancien format (XLS)"),
    (b"%PDF", "C’est un PDF"),
    (b"\x1f\x8b", "C’est un fichier compressé"),
    (b"\x89PNG", "C’est une image"),
    (b"\xff\xd8\xff", "C’est une image"),
    (b"GIF8", "C’est une image"),
)
ADVICE = "Dans votre tableur, choisissez « Enregistrer sous », puis le format CSV."


class Encoding(models.TextChoices):
    """How the bytes of a file become characters."""

    UTF_8 = "utf-8-sig", "UTF-8"
    CP1252 = "cp1252", "Windows, Europe de l’Ouest (CP1252)"
    LATIN_9 = "iso8859-15", "Latin 9 (ISO 8859-15)"
    MACINTOSH = "mac-roman", "Macintosh (Mac OS Roman)"
    UTF_16 = "utf-16", "UTF-16 (« Texte Unicode » d’Excel)"


class Separator(models.TextChoices):
    """What stands between two cells."""

    SEMICOLON = "point-virgule", "point-virgule ( ; )"
    COMMA = "virgule", "virgule ( , )"
    TAB = "tabulation", "tabulation"
    BAR = "barre", "barre verticale ( | )"

    @property
    def character(self) -> str:
        return {"point-virgule": ";", "virgule": ",", "tabulation": "\t", "barre": "|"}[self.value]


class FileRefused(ValidationError):  # noqa: N818 - it reads as what happened
    """A file that can't be read; the message says why and what to do, in French."""


@dataclass(frozen=True)
class Line:
    """One row of the file. ``number`` is the one a spreadsheet shows (the header is usually row 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file read: header names, each once, and the rows that hold something, as long as the header or longer."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]


def check_content(content: bytes) -> None:
    """Raise FileRefused for a file that is empty, too heavy, or not text."""
    if not content.strip():
        raise FileRefused("Ce fichier est vide.")
    if len(content) > MAX_BYTES:
        weight = filesizeformat(len(content))
        raise FileRefused(
            f"Ce fichier pèse {weight} : la limite est de 5 Mo. Partagez-le en plusieurs fichiers, "
            "ou retirez les colonnes qui ne servent pas."
        )
    for start, what in OTHER_FORMATS:
        if content.startswith(start):
            raise FileRefused(f"{what}, pas un fichier CSV. {ADVICE}")


def detect_encoding(content: bytes) -> Encoding:
    """The encoding of a text; raise FileRefused when the bytes are no text at all."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = [Encoding.UTF_16]
    else:
        candidates = [Encoding.UTF_8, Encoding.CP1252, Encoding.MACINTOSH]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not control_characters(text):
            return encoding
    raise FileRefused(f"Ce fichier n’est pas un texte. {ADVICE}")


def control_characters(text: str) -> bool:
    """Whether a text holds characters that no spreadsheet writes."""
    return any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\x0b\x0c\x1a" for c in set(text))


def decode(content: bytes, encoding: str) -> str:
    """The text of a file; raise FileRefused when it is not written in this encoding."""
    label = Encoding(encoding).label
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"Ce fichier n’est pas en {label} : la ligne {line} a un caractère impossible dans cet encodage."
        ) from error
    if control_characters(text):
        raise FileRefused(f"Lu en {label}, ce fichier contient des caractères qui ne sont pas du texte.")
    return text.rstrip("\x1a")


def detect_separator(text: str) -> Separator:
    """The separator that gives most rows the number of cells of the header; a semicolon for a single column."""
    best, found = (0.0, 0), Separator.SEMICOLON
    for separator in Separator:
        counts = [len(cells) for cells in _sample(text, separator.character)]
        if not counts or counts[0] < 2:
            continue
        score = (sum(count == counts[0] for count in counts) / len(counts), counts[0])
        if score > best:
            best, found = score, separator
    return found


def _sample(text: str, character: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=character)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield cells
            if reader.line_num > SAMPLE_ROWS:
                return
    except csv.Error:
        return


def read_table(content: bytes, encoding: str, separator: str) -> Table:
    """The whole file. Raise FileRefused, with the line, for what can't be read for sure."""
    text = decode(content, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=Separator(separator).character, strict=True)
    header: tuple[str, ...] = ()
    lines = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            values = tuple(tidy_cell(cell) for cell in cells)
            if not any(values):
                continue
            if not header:
                header = _header(values)
            elif len(lines) == MAX_ROWS:
                raise FileRefused(
                    f"Ce fichier a plus de {MAX_ROWS} lignes remplies : partagez-le en plusieurs fichiers."
                )
            else:
                lines.append(Line(number, values + ("",) * (len(header) - len(values))))
    except csv.Error as error:
        raise FileRefused(
            f"Après la ligne {number}, un guillemet est mal placé ou n’est jamais refermé : "
            "vérifiez les guillemets et le séparateur."
        ) from error
    if not header:
        raise FileRefused("Ce fichier est vide.")
    if not lines:
        raise FileRefused("Ce fichier n’a que des en-têtes : il n’y a rien à importer.")
    return Table(header, tuple(lines))


def tidy_cell(text: str) -> str:
    """A cell without the spaces around it, nor the apostrophe that an export put before a formula."""
    text = unicodedata.normalize("NFC", text).strip().strip("\u00a0\u202f\ufeff").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """Names for the columns: what the file says, without what trails; numbered when empty or said twice."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise FileRefused(f"Ce fichier a {len(cells)} colonnes : la limite est de {MAX_COLUMNS}.")
    names: list[str] = []
    for rank, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:100] or f"Colonne {rank}"
        again = sum(1 for other in names if other == name or other.startswith(f"{name} ("))
        names.append(f"{name} ({again + 1})" if again else name)
    return tuple(names)


def safe_cell(value: Any) -> str:
    """A value as a harmless cell: no formula, no control character, several values separated by a bar."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    if isinstance(value, list | tuple | set):
        value = " | ".join(str(item) for item in value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\r\n")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_rows(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a file that French spreadsheets open with a double click: UTF-8 with its mark, semicolons."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow([safe_cell(value) for value in row])
        mark = ""
