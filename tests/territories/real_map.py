"""The real map: every territory of France, as the file of the repository has it."""

from django.core.management import call_command
from django.db import connection

from tests.filled_site import fill_once


def import_whole_france() -> None:
    call_command("import_territories", verbosity=0)


def load_whole_france() -> None:
    """The whole map in the database, for a class of tests that each roll back to it."""
    fill_once(import_whole_france)
    connection.check_constraints()  # once here, or PostgreSQL checks the 440,000 references after each test
