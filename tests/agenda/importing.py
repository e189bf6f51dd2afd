"""Imports of calls for the tests."""

from agenda.models import CallPage
from tests.imports.importer import Importer


class CallImporter(Importer):
    """Imports rows given as dictionaries of column to text."""

    def __init__(self):
        super().__init__("appels", {"funders_text": ["Fondation d’essai"], "everywhere": ["on"]})


def call(reference: str) -> CallPage:
    """The call that an import created under this identifier."""
    return CallPage.objects.get(external_ref=f"essai:{reference}")
