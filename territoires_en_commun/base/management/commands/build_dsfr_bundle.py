"""Writes the public style sheet and script; collectstatic does it too."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from territoires_en_commun.base.bundle import BundleError, build_bundle


class Command(BaseCommand):
    """``manage.py build_dsfr_bundle``"""

    help = "Construit la feuille de style et le script du site à partir de django-dsfr."

    def handle(self, *args, **options):
        try:
            written = build_bundle()
        except BundleError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            state = "écrit" if written else "déjà à jour"
            self.stdout.write(f"{settings.DSFR_BUNDLE_DIR} : {state}.")
