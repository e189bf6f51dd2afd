"""Demonstration content for a local site; never for production."""

import logging
from itertools import chain

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from agenda.calls.demo import load_calls
from agenda.events.demo import load_events
from ressources.demo import load_resources
from ressources.experience_demo import load_experiences
from territoires_en_commun.base.registry import demo_loaders, pages_loaded
from territoires_en_commun.database import refresh_statistics
from territoires_en_commun.home.models import HomePage
from territoires_en_commun.home.setup.demo import load_demo, reviewer


class Command(BaseCommand):
    help = "Ajoute des pages, partenaires et images fictifs. Peut être relancée : ce qui existe n’est pas réécrit."

    def handle(self, *args, verbosity=1, **options):
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # this command says itself what it does
        if not HomePage.objects.exists():
            call_command("init_site", verbosity=verbosity)
        call_command("load_actors", responsable=reviewer().email, fictifs=True, verbosity=verbosity)
        done = 0
        with transaction.atomic():
            owner = reviewer()
            loaders = (load_resources, load_experiences, load_calls, load_events, *demo_loaders)
            for line in chain(load_demo(), *(load(owner) for load in loaders)):
                done += 1
                if verbosity:
                    self.stdout.write(line)
        pages_loaded.send(type(self))
        refresh_statistics()
        if verbosity and not done:
            self.stdout.write("Le contenu de démonstration est déjà là : rien n’a été changé.")
