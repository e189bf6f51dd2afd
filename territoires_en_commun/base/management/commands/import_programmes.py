"""Loads which territories each programme of the State covers."""

import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from territoires_en_commun.base.programme_import import (
    DEFAULT_DATE,
    DEFAULT_PATH,
    DEFAULT_SOURCE,
    ProgrammeFileError,
    Report,
    import_programmes,
    read_lines,
)
from territoires_en_commun.territories.models import Territory

MAX_LINES = 50


class Command(BaseCommand):
    help = "Rattache les territoires aux programmes de l'État ; peut être relancée sans risque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=DEFAULT_PATH, help="fichier TSV de l'ANCT (par défaut, le fourni)"
        )
        parser.add_argument("--source", default=DEFAULT_SOURCE, help="la source citée sur le site")
        parser.add_argument(
            "--date", type=date.fromisoformat, default=DEFAULT_DATE, help="date de la source (AAAA-MM-JJ)"
        )
        parser.add_argument(
            "--delete-missing", action="store_true", help="supprime les rattachements absents du fichier"
        )

    def handle(self, *, path, source, date, delete_missing, verbosity, **options) -> None:
        if not Territory.objects.exists():
            raise CommandError("Aucun territoire en base : lancez d'abord « manage.py import_territories ».")
        hidden = not (verbosity and sys.stderr.isatty())
        try:
            report = import_programmes(
                read_lines(path),
                source=source,
                source_date=date,
                delete_missing=delete_missing,
                progress=lambda lines: tqdm(lines, desc="Programmes", unit=" lignes", disable=hidden),
            )
        except ProgrammeFileError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self._print(report, deleted=delete_missing)

    def _print(self, report: Report, *, deleted: bool) -> None:
        if report.programmes_created:
            self.stdout.write(f"Programmes créés : {', '.join(report.programmes_created)}.")
        self.stdout.write(
            f"{report.lines} lignes, {report.coverages} rattachements : {report.created} créés, "
            f"{report.updated} mis à jour, {report.unchanged} inchangés ; {len(report.refused)} refusés."
        )
        redirected = [
            f"{code} → {territory.name} ({territory.code})" for code, territory in sorted(report.redirected.items())
        ]
        unknown = [f"{code} ({count} fois)" for code, count in sorted(report.unknown_codes.items())]
        self._print_list("Codes de communes fusionnées, rattachés à la commune d'aujourd'hui", redirected)
        self._print_list("Refusés", report.refused)
        self._print_list("Codes inconnus", unknown)
        self._print_list("Absents du fichier, " + ("supprimés" if deleted else "conservés"), report.missing)

    def _print_list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"{title} : {len(lines)}")
        for line in lines[:MAX_LINES]:
            self.stdout.write(f"  {line}")
        if len(lines) > MAX_LINES:
            self.stdout.write(f"  … et {len(lines) - MAX_LINES} autres")
