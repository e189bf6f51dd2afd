"""What an editor reads of an import: rows on the screen, files to keep or to mend."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from territoires_en_commun.imports.csv_files import csv_rows
from territoires_en_commun.imports.forms import REPAIRS, WARNINGS, RowsForm
from territoires_en_commun.imports.kinds import Action
from territoires_en_commun.imports.mapping import CAUSE_HEADER, LINE_HEADER
from territoires_en_commun.imports.models import ImportJob, ImportRow, ImportState
from territoires_en_commun.imports.running import REPAIRS_REFUSED, count_rows, to_write

PER_PAGE = 50
# « À créer » before the run, « Créée » after it.
DONE_LABELS = {
    Action.CREATE: "Créée",
    Action.UPDATE: "Modifiée",
    Action.UNCHANGED: "Inchangée",
    Action.REFUSED: "Refusée",
}
COUNT_LABELS = {
    Action.CREATE: ("à créer", "créées"),
    Action.UPDATE: ("à modifier", "modifiées"),
    Action.UNCHANGED: ("inchangées", "inchangées"),
    Action.REFUSED: ("refusées", "refusées"),
}


class Tab(NamedTuple):
    """A filter of the rows, with its count."""

    value: str
    label: str
    count: int
    url: str
    is_current: bool


class Note(NamedTuple):
    """A sentence beside a row, with the column it is about."""

    column: str
    text: str


class RowLine(NamedTuple):
    """A row as the page shows it."""

    row: ImportRow
    status: str
    is_refused: bool
    url: str
    problems: list[Note]
    warnings: list[Note]
    repairs: list[dict[str, str]]
    changes: list[dict[str, str]]


class RowsPage:
    """The rows of an import that a query string asks for."""

    def __init__(self, job: ImportJob, query: Mapping[str, Any]):
        self.job = job
        self.chosen, self.number = RowsForm(query).chosen()

    @property
    def columns(self) -> dict[str, str]:
        """Labels of the columns of the kind, by name."""
        return {column.name: column.label for column in self.job.kind_object.columns}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by what they would do or did; kept when the rows are gone."""
        return self.job.counts if self.job.is_erased else count_rows(self.job)

    @property
    def is_written(self) -> bool:
        return self.job.state in (ImportState.RUNNING, ImportState.STOPPED, ImportState.DONE)

    @property
    def tabs(self) -> list[Tab]:
        """All, then each count, then what deserves a look."""
        rows = self.job.rows
        ways = [("", "Toutes", self.job.total)]
        ways += [
            (action.value, COUNT_LABELS[action][self.is_written], self.counts.get(action.value, 0))
            for action in Action
        ]
        ways += [
            (REPAIRS, "avec réparations", rows.filter(has_repairs=True).count()),
            (WARNINGS, "avec remarques", rows.filter(has_warnings=True).count()),
        ]
        return [
            Tab(value, label, count, f"?{urlencode({'lignes': value})}" if value else "?", value == self.chosen)
            for value, label, count in ways
        ]

    @property
    def to_write_count(self) -> int:
        """Rows that a confirmation would write, or that are still to write."""
        return self.job.rows.filter(to_write(), result="").count()

    @property
    def waiting_repairs(self) -> bool:
        """Whether this page lets the editor choose which repairs to accept."""
        return self.chosen == REPAIRS and self.job.state == ImportState.CHECKED

    @cached_property
    def page(self) -> Page:
        rows = self.job.rows.all()
        if self.chosen == REPAIRS:
            rows = rows.filter(has_repairs=True)
        elif self.chosen == WARNINGS:
            rows = rows.filter(has_warnings=True)
        elif self.chosen:
            name = "result" if rows.exclude(result="").exists() else "action"
            rows = rows.filter(**{name: self.chosen})
        return Paginator(rows, PER_PAGE).get_page(self.number)

    @property
    def lines(self) -> list[RowLine]:
        urls = self.job.kind_object.target_urls([row.target for row in self.page if row.target])
        return [self.line(row, urls.get(row.target, "")) for row in self.page]

    def line(self, row: ImportRow, url: str) -> RowLine:
        action = Action(row.result or row.action)
        return RowLine(
            row=row,
            status=DONE_LABELS[action] if row.result else action.label,
            is_refused=action == Action.REFUSED,
            url=url,
            problems=[*self._notes(row, "problems"), *(Note("", text) for text in refusals(row))],
            warnings=[
                *self._notes(row, "warnings"),
                *(Note("", text) for text in row.messages if action != Action.REFUSED),
            ],
            repairs=[item | {"column": self.columns.get(item["column"], "")} for item in row.plan["repairs"]],
            changes=[item | {"column": self.columns.get(item["column"], "")} for item in row.plan["changes"]],
        )

    def _notes(self, row: ImportRow, part: str) -> list[Note]:
        return [Note(self.columns.get(item["column"], ""), item["message"]) for item in row.plan[part]]

    @property
    def query(self) -> str:
        """The query string of the next pages, without the number."""
        return f"{urlencode({'lignes': self.chosen})}&" if self.chosen else ""


def refusals(row: ImportRow) -> list[str]:
    """Why a row that was right in the simulation is refused all the same."""
    if row.has_repairs and not row.repairs_accepted:
        return [REPAIRS_REFUSED]
    return row.messages if row.result == Action.REFUSED else []


def error_lines(job: ImportJob) -> Iterator[str]:
    """The refused rows as they were, with their line and the causes: to mend, then import again."""
    page = RowsPage(job, {})
    rows = [row for row in job.rows.iterator() if row.action == Action.REFUSED or refusals(row)]
    header = job.table.header
    extra = max((len(row.cells) for row in rows), default=len(header)) - len(header)
    causes = (
        " | ".join(
            f"{note.column} : {note.text}" if note.column else note.text for note in page.line(row, "").problems
        )
        for row in rows
    )
    table = (
        [*row.cells, *[""] * (len(header) + extra - len(row.cells)), row.line, cause]
        for row, cause in zip(rows, causes, strict=True)
    )
    return csv_rows(chain([[*header, *[""] * extra, LINE_HEADER, CAUSE_HEADER]], table))


def report_lines(job: ImportJob) -> Iterator[str]:
    """What became of every row."""
    page = RowsPage(job, {})
    lines = (page.line(row, "") for row in job.rows.iterator())
    table = ([line.row.line, line.row.label, line.status, _told(line)] for line in lines)
    return csv_rows(chain([["Ligne", "Nom", "Résultat", "Détail"]], table))


def _told(line: RowLine) -> list[str]:
    """The sentences about a row."""
    notes = [f"{note.column} : {note.text}" if note.column else note.text for note in (*line.problems, *line.warnings)]
    notes += [f"{item['column']} : « {item['before']} » lu « {item['after']} »" for item in line.repairs]
    return notes + [f"{item['column']} : « {item['before']} » devient « {item['after']} »" for item in line.changes]
