"""Loads documents as published pages of a section, to try the search on many texts; and removes them."""

import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from territoires_en_commun.base.registry import pages_loaded
from territoires_en_commun.database import refresh_statistics
from territoires_en_commun.home.corpus import (
    Corpus,
    Outcome,
    SectionRefused,
    borne_elsewhere,
    delete_documents,
    find_section,
    load_documents,
    open_section,
    read_corpus,
)

MAX_LINES = 20


class Command(BaseCommand):
    help = (
        "Publie des documents comme pages d’une section : un objet JSON par ligne, avec id, title, intro, body et "
        "themes. Peut être relancée : les pages de même id sont mises à jour."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, metavar="FICHIER", help="fichier .jsonl, en UTF-8")
        parser.add_argument("--section", default="Corpus", metavar="TITRE", help="section des pages (« Corpus »)")
        parser.add_argument(
            "--delete",
            action="store_true",
            help="supprime les pages de la section, ou celles du fichier seulement si l’on en donne un",
        )
        parser.add_argument(
            "--skip-invalid", action="store_true", help="laisse de côté les lignes refusées et charge les autres"
        )

    def handle(self, *args, file, section, delete, skip_invalid, verbosity=1, **options):
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # this command says itself what it does
        self.verbosity = verbosity
        title = " ".join(section.split())
        if file is None and not delete:
            raise CommandError("Donnez le fichier à charger, ou --delete pour supprimer les pages de la section.")
        corpus = self.read(file) if file else None
        if delete:
            self.delete(title, corpus)
        else:
            self.load(title, corpus, skip_invalid=skip_invalid)

    def read(self, file: Path) -> Corpus:
        try:
            with file.open("rb") as lines:
                return read_corpus(lines)
        except OSError as error:
            raise CommandError(f"Le fichier « {file} » ne peut pas être lu : {error.strerror}.") from error

    def load(self, title: str, corpus: Corpus, *, skip_invalid: bool) -> None:
        corpus.refusals += borne_elsewhere(corpus.documents, find_section(title))
        if corpus.refusals:
            corpus.refusals.sort()
            lines = listed(f"{len(corpus.refusals)} ligne(s) refusée(s)", corpus.refusals)
            if not skip_invalid:
                raise CommandError(f"Rien n’a été chargé (--skip-invalid charge les autres lignes).\n{lines}")
            self.stderr.write(lines)
        refused = {refusal.line for refusal in corpus.refusals}
        documents = [document for document in corpus.documents if document.line not in refused]
        if not documents:
            raise CommandError("Il n’y a aucun document à charger.")
        try:
            section = open_section(title)
        except SectionRefused as error:
            raise CommandError(str(error)) from error
        outcome = load_documents(section, documents, self.progress)
        self.settle()
        self.tell(section, outcome, corpus.remarks)

    def tell(self, section, outcome: Outcome, remarks: list[str]) -> None:
        unknown = [f"{name} ({count} document(s))" for name, count in outcome.unknown_themes.items()]
        for title, lines in (("Titres trop longs", remarks), ("Thématiques inconnues, ignorées", unknown)):
            if lines:
                self.say(listed(f"{title} : {len(lines)}", lines))
        self.say(
            f"Section « {section.title} » ({section.url}) : {outcome.created} page(s) créée(s), "
            f"{outcome.updated} mise(s) à jour, {outcome.unchanged} inchangée(s)."
        )

    def delete(self, title: str, corpus: Corpus | None) -> None:
        section = find_section(title)
        if section is None:
            raise CommandError(f"Cette commande n’a pas créé de section « {title} » : rien n’a été supprimé.")
        refs = {document.ref for document in corpus.documents} if corpus else None
        count, left = delete_documents(section, refs, self.progress)
        self.settle()
        fate = f"il reste {left} page(s) dans la section" if left else "la section aussi"
        self.say(f"Section « {title} » : {count} page(s) supprimée(s), {fate}.")

    def settle(self) -> None:
        """Once pages are written or deleted, what is kept beside them follows."""
        pages_loaded.send(type(self), progress=self.progress)
        refresh_statistics()

    def say(self, text: str) -> None:
        if self.verbosity:
            self.stdout.write(text)

    def progress(self, batches: Sequence[Sequence], label: str) -> Iterator:
        hidden = not (self.verbosity and batches and sys.stderr.isatty())
        with tqdm(total=sum(map(len, batches)), desc=label, unit=" pages", disable=hidden) as bar:
            for batch in batches:
                yield batch
                bar.update(len(batch))


def listed(title: str, lines: Sequence) -> str:
    """A title over the first lines of a list, and how many more there are."""
    shown = [f"  {line}" for line in lines[:MAX_LINES]]
    rest = len(lines) - len(shown)
    return "\n".join([title, *shown, *([f"  … et {rest} autre(s)"] if rest else [])])
