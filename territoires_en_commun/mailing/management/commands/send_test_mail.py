"""Checks the way mails leave."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from territoires_en_commun.mailing.services import queue_mail


class Command(BaseCommand):
    help = "Met en attente un courriel d’essai ; le processus d’envoi (run_worker) l’envoie."

    def add_arguments(self, parser):
        parser.add_argument("address", metavar="ADRESSE", help="adresse du destinataire")

    def handle(self, *, address: str, **options):
        now = timezone.localtime()
        try:
            mail = queue_mail(
                key=f"relay-test:{now:%Y%m%d%H%M%S%f}", to=address, template="relay_test", context={"asked_at": now}
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Courriel pour {mail.recipient} mis en attente (clé {mail.key}).")
