"""Sends the outbox and runs the background tasks."""

import os
import sys

from django.core.management.base import BaseCommand

from territoires_en_commun.mailing.worker import WorkerProcess, work_once


class Command(BaseCommand):
    help = "Envoie les courriels en attente et exécute les tâches de fond, jusqu’à SIGTERM ou Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", "--batch", action="store_true", help="traiter ce qui attend, dire ce qui a été fait, puis finir"
        )

    def handle(self, *, once: bool, **options):
        if once:
            done = work_once()
            self.stdout.write(
                f"Courriels envoyés : {done.sent} ; à retenter : {done.retried} ; en échec : {done.failed} ; "
                f"à vérifier : {done.uncertain} ; devenus inutiles : {done.dropped}."
            )
            return
        if not WorkerProcess().run():
            sys.stderr.flush()
            os._exit(1)  # a thread still runs: nothing else would end it
