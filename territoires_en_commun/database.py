"""What keeps the databases quick."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

IMPATIENT = 200  # milliseconds

SAMPLE = 400  # rows read of each index


def refresh_statistics() -> None:
    """Tell the database how its tables are filled (https://www.sqlite.org/lang_analyze.html).

    Without it, SQLite reads the index of texts once per page, and PostgreSQL, which otherwise learns some minutes
    later, may take tables that were just filled for empty ones: seconds instead of hundredths. Belongs after what
    writes many rows.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
        cursor.execute("ANALYZE")


@contextmanager
def hardly_waiting() -> Iterator[None]:
    """Inside, what SQLite cannot write at once is an OperationalError: for what a visitor must not wait for.

    PostgreSQL locks rows, not the whole: nothing changes there, nor inside a transaction that writes already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    patient = int(1000 * settings.DATABASES["default"]["OPTIONS"].get("timeout", 5))
    try:
        _wait_at_most(IMPATIENT)
        yield
    finally:
        _wait_at_most(patient)


def _wait_at_most(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
