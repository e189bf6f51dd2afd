"""Fills the directory: local authorities and national actors; fictitious associations when asked."""

from itertools import chain

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from annuaire.authorities import Loader, MissingThemes, prepare_local_authorities, prepare_national_actors
from annuaire.demo import add_contacts, prepare_fictitious_actors
from annuaire.models import DirectoryPage


class Command(BaseCommand):
    help = (
        "Remplit l’annuaire : intercommunalités, départements, régions, opérateurs de l’État et réseaux nationaux. "
        "Peut être relancée : ce qui existe n’est jamais réécrit."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--responsable", required=True, help="adresse du compte responsable de la revue des fiches"
        )
        parser.add_argument("--fictifs", action="store_true", help="ajoute trente associations fictives")

    def handle(self, *args, responsable, fictifs=False, verbosity=1, **options):
        owner = get_user_model().objects.filter(email__iexact=responsable, is_active=True).first()
        if owner is None:
            raise CommandError(f"Aucun compte actif n’a l’adresse « {responsable} ».")
        directory = DirectoryPage.objects.first()
        if directory is None:
            raise CommandError("L’annuaire n’existe pas encore : lancez d’abord init_site.")
        today = timezone.localdate()
        try:
            with transaction.atomic():
                loader = Loader(directory, owner, today)
                sources = [prepare_local_authorities(loader), prepare_national_actors(loader)]
                if fictifs:
                    sources.append(prepare_fictitious_actors(loader))
                for _page in tqdm(chain(*sources), desc="Acteurs", unit="", disable=None if verbosity else True):
                    pass
                count = loader.save()
                if fictifs:
                    add_contacts(today)
        except MissingThemes as error:
            raise CommandError(str(error)) from error
        if verbosity:
            done = (
                f"{count} acteurs ajoutés à l’annuaire."
                if count
                else "L’annuaire est déjà rempli : rien n’a été changé."
            )
            self.stdout.write(done)
