"""Erases the data of registrations whose time has come; the scheduled job does it every day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from agenda.registrations.purge import everything_due, purge, told


class Command(BaseCommand):
    help = (
        "Efface les personnes inscrites aux séances passées, au bout de la durée de conservation de l’événement, les "
        "formulaires jamais confirmés et les réponses personnelles. Peut être relancée sans risque."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait effacé, et n’écrit rien")

    def handle(self, *args, dry_run=False, **options):
        now = timezone.now()
        done = list(everything_due(now)) if dry_run else purge(now)
        for due in done:
            self.stdout.write(told(due))
        if not done:
            self.stdout.write("Rien à effacer.")
        elif dry_run:
            self.stdout.write("Essai : rien n’a été effacé.")
