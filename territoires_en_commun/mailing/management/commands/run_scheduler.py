"""Runs the scheduled jobs."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError

from territoires_en_commun.mailing.scheduler import SchedulerProcess, run_due_jobs_once


class Command(BaseCommand):
    help = (
        "Exécute les tâches planifiées à leur heure, jusqu’à SIGTERM ou Ctrl-C. Plusieurs peuvent tourner à la fois."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="exécuter les tâches dues, puis finir")

    def handle(self, *, once: bool, **options):
        if once:
            outcome = run_due_jobs_once()
            for name, succeeded in outcome.items():
                self.stdout.write(f"{name} : {'réussie' if succeeded else 'en échec'}")
            if failed := [name for name, succeeded in outcome.items() if not succeeded]:
                raise CommandError(f"Tâches en échec : {', '.join(failed)}.")
            return
        if not SchedulerProcess().run():
            sys.stderr.flush()
            os._exit(0)  # a job was interrupted and given back: its thread would keep the process
