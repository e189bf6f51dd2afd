"""The rows of a listing as a CSV that French spreadsheets open with a double click.

UTF-8 with its byte order mark and semicolons: what Excel expects under a French locale, and what LibreOffice
guesses right. Open data files have their own format; this one is for people.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify

CHUNK = 500
# A spreadsheet runs a cell that begins so as a formula (OWASP, « CSV Injection »).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """A column: its header in French, and its value for a page (text, number, date, or several texts)."""

    header: str
    value: Callable[[Any], Any]


def cell(value: Any) -> str:
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


def csv_lines(columns: list[Column], chunks: Iterator[list]) -> Iterator[str]:
    """The lines of the file, header first."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([cell(column.header) for column in columns])
    for pages in chunks:
        for page in pages:
            yield writer.writerow([cell(column.value(page)) for column in columns])


def csv_response(columns: list[Column], chunks: Iterator[list], name: str) -> StreamingHttpResponse:
    """The file, sent while it is read."""
    response = StreamingHttpResponse(csv_lines(columns, chunks), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "export"}.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response
