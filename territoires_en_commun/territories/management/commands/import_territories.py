"""Loads or updates the territories of France from the data file."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from territoires_en_commun.territories.datafile import DEFAULT_PATH, DataFileError, read_territories
from territoires_en_commun.territories.importing import BATCH, ImportRefusedError, Report, import_territories
from territoires_en_commun.territories.models import TerritoryType

MAX_LINES = 20


class Command(BaseCommand):
    help = "Charge ou met à jour les territoires de France ; peut être relancée sans risque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=DEFAULT_PATH, help="fichier des territoires (.csv.xz)"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="accepte un millésime plus ancien, ou la disparition de nombreux territoires",
        )

    def handle(self, *, path: Path, force: bool, verbosity: int, **options) -> None:
        def progress(batches: range, label: str):
            hidden = not (verbosity and batches and sys.stderr.isatty())
            return tqdm(batches, desc=label, unit=" lignes", unit_scale=BATCH, disable=hidden)

        try:
            data = read_territories(path)
            report = import_territories(data, progress=progress, force=force)
        except DataFileError as error:
            raise CommandError(f"{error} Rien n'a été importé.") from error
        except ImportRefusedError as error:
            raise CommandError(f"{error} Rien n'a été importé ; --force passe outre.") from error
        if verbosity:
            self._print(data.vintage, report)

    def _print(self, vintage: str, report: Report) -> None:
        if not report.changed:
            self.stdout.write(f"Territoires {vintage} : rien n'a changé.")
            return
        self.stdout.write(f"Territoires, millésime {vintage} :")
        for type_ in TerritoryType:
            former = report.counts[f"{type_} (ancien)"]
            suffix = f" en vigueur, {former} anciennes" if former else ""
            self.stdout.write(f"  {type_.label} : {report.counts[type_]}{suffix}")
        self.stdout.write(
            f"{report.created.total()} créés, {report.updated} mis à jour "
            f"({report.populations} populations), {report.links} liens de parenté changés."
        )
        for title, lines in (
            ("Renommés", report.renamed),
            ("Remplacés", report.merged),
            ("Disparus sans successeur connu", report.vanished),
            ("Rétablis", report.restored),
            ("Changements d'intercommunalité", report.moved),
        ):
            self._print_list(title, lines)

    def _print_list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"{title} : {len(lines)}")
        for line in lines[:MAX_LINES]:
            self.stdout.write(f"  {line}")
        if len(lines) > MAX_LINES:
            self.stdout.write(f"  … et {len(lines) - MAX_LINES} autres")
