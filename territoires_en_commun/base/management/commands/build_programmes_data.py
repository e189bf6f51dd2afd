"""Writes the derived file of programmes that the repository carries; see base/data/README.md."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from territoires_en_commun.base.models import ProgrammeTerritory
from territoires_en_commun.base.programme_import import DEFAULT_PATH, write_lines


class Command(BaseCommand):
    help = "Écrit le fichier dérivé des programmes à partir de la base (voir base/data/README.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=DEFAULT_PATH, help="fichier à écrire")

    def handle(self, *, output: Path, **options) -> None:
        rows = ProgrammeTerritory.objects.exclude(external_ref="").select_related("programme", "territory")
        if not rows:
            raise CommandError("Aucun rattachement en base : lancez d'abord « manage.py import_programmes CHEMIN ».")
        size = write_lines(output, rows)
        self.stdout.write(f"{output} : {len(rows)} rattachements, {size} octets.")
