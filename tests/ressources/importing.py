"""Imports of experiences for the tests."""

from ressources.models import ExperiencePage
from tests.imports.importer import Importer


class ExperienceImporter(Importer):
    """Imports rows given as dictionaries of column to text."""

    def __init__(self):
        super().__init__("experiences", {})


def experience(reference: str) -> ExperiencePage:
    """The experience that an import created under this identifier."""
    return ExperiencePage.objects.get(external_ref=f"essai:{reference}")
