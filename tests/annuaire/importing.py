"""Imports of actors for the tests."""

from annuaire.models import ActorPage
from tests.imports.importer import Importer


class ActorImporter(Importer):
    """Imports rows given as dictionaries of column to text."""

    def __init__(self):
        own = {
            "source": ["Fichier d’essai"],
            "type": ["association"],
            "summary": ["Un lieu d’accueil à {commune}."],
            "acts_in": ["epci"],
        }
        super().__init__("acteurs", own)


def actor(reference: str) -> ActorPage:
    """The fiche that an import created under this identifier."""
    return ActorPage.objects.get(external_ref=f"essai:{reference}")
