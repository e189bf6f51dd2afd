"""Whether the search still finds what editors expect of it."""

import sys

from django.core.management.base import BaseCommand

from search.relevance import run_cases


class Command(BaseCommand):
    help = "Vérifie les cas de pertinence des rédacteurs ; sort en erreur (1) quand l’un d’eux est perdu."

    def handle(self, *args, verbosity=1, **options):
        outcomes = run_cases()
        for outcome in outcomes:
            if verbosity > 1 or not outcome.passes:
                self.stdout.write(f"{'Tenu ' if outcome.passes else 'PERDU'} {outcome.sentence}")
        kept = sum(outcome.passes for outcome in outcomes)
        self.stdout.write(f"Cas de pertinence tenus : {kept} sur {len(outcomes)}.")
        if kept < len(outcomes):
            sys.exit(1)
