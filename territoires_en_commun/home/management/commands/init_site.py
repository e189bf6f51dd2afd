"""Puts a new site in place: home, legal pages, roles, workflow, themes. No demonstration content."""

import logging

from django.core.management.base import BaseCommand
from django.db import transaction

from territoires_en_commun.home import setup


class Command(BaseCommand):
    help = (
        "Met le site en place : accueil, pages légales, rôles, circuit de relecture, thématiques. "
        "Peut être relancée : ce qui existe n’est jamais réécrit."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--completer-roles",
            action="store_true",
            help="donne aux rôles existants les droits qui leur manquent, après une mise à jour",
        )

    def handle(self, *args, completer_roles=False, verbosity=1, **options):
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # this command says itself what it does
        with transaction.atomic():
            done = [
                *setup.ensure_home(),
                *setup.ensure_site(),
                *setup.ensure_sections(),
                *setup.ensure_legal_pages(),
                *setup.ensure_roles(complete=completer_roles),
                *setup.ensure_workflow(),
                *setup.ensure_themes(),
                *setup.ensure_audiences(),
            ]
        if verbosity:
            for line in done or ["Le site est déjà en place : rien n’a été changé."]:
                self.stdout.write(line)
