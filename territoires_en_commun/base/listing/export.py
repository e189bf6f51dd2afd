"""The rows of a listing as a CSV that French spreadsheets open with a double click.

UTF-8 with its byte order mark and semicolons: what Excel expects under a French locale, and what LibreOffice
guesses right. Open data files have their own format; this one is for people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify

from territoires_en_commun.imports.csv_files import csv_rows

CHUNK = 500


@dataclass(frozen=True)
class Column:
    """A column: its header in French, and its value for a page (text, number, date, or several texts)."""

    header: str
    value: Callable[[Any], Any]


def csv_lines(columns: list[Column], chunks: Iterator[list]) -> Iterator[str]:
    """The lines of the file, header first."""
    rows = ([column.value(page) for column in columns] for pages in chunks for page in pages)
    return csv_rows(chain([[column.header for column in columns]], rows))


def csv_response(columns: list[Column], chunks: Iterator[list], name: str) -> StreamingHttpResponse:
    """The file, sent while it is read."""
    response = StreamingHttpResponse(csv_lines(columns, chunks), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "export"}.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response
