"""What keeps the embedded database quick; PostgreSQL does as much by itself."""

from django.db import connection

SAMPLE = 400  # rows read of each index


def refresh_statistics() -> None:
    """Tell SQLite how its tables are filled (https://www.sqlite.org/lang_analyze.html).

    Without it, a search among tens of thousands of pages reads the index of texts once per page: seconds instead of
    hundredths. Belongs after what writes many rows.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
            cursor.execute("ANALYZE")
