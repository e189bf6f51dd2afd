"""Finds the links of published pages and asks whether they still answer."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from territoires_en_commun.base.dead_links.checking import check_due_links
from territoires_en_commun.base.dead_links.finding import note_all_links


class Command(BaseCommand):
    help = "Relève les liens des pages publiées et vérifie ceux qui doivent l'être ; reprend où elle s'est arrêtée."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--nombre", type=int, default=None, help="nombre de liens à vérifier au plus (par défaut, le réglage)"
        )

    def handle(self, *, nombre: int | None, verbosity: int, **options) -> None:
        if nombre is not None and nombre < 1:
            raise CommandError("--nombre attend un nombre de liens, à partir de 1.")
        hidden = not (verbosity and sys.stderr.isatty())
        known = note_all_links(lambda chunks: tqdm(chunks, desc="Relevé", unit=" lots", disable=hidden))
        told = check_due_links(
            limit=nombre, progress=lambda links: tqdm(links, desc="Vérification", unit=" liens", disable=hidden)
        )
        if verbosity:
            self.stdout.write(f"Liens relevés : {known}. {told}")
