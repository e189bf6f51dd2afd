"""The test database of each process of a run: migrated by the first, copied by the others."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from tests.shared import prepared


class MigratedOnce:
    """``copied`` tells whether the database of this process is a copy; ``keep_for_others`` leaves what to copy."""

    def __init__(self, mark: Path | None):
        self.mark = mark  # exists once there is something to copy; none where one process runs everything
        self.copied = mark is not None and mark.exists()
        self.name = connection.creation._get_test_db_name()
        self.held = None  # a database in memory lives as long as a connection to it

    def copy(self) -> None:
        """Make the database of this process, where there is something to copy: it is left nothing to migrate."""
        if not self.copied:
            return
        if connection.vendor == "sqlite":
            self.held = sqlite3.connect(self.name, uri=True)
            with closing(sqlite3.connect(self.mark)) as source:
                source.backup(self.held)
        else:
            _execute(f"DROP DATABASE IF EXISTS {_quoted(self.name)} WITH (FORCE)")
            _execute(f"CREATE DATABASE {_quoted(self.name)} TEMPLATE {_quoted(self.mark.read_text())}")

    def keep_for_others(self) -> None:
        """Leave a copy of the database, just migrated."""
        if self.held:
            self.held.close()
        if self.mark is None or self.copied:
            return
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(self.mark)) as target:
                connection.connection.backup(target)
        else:
            template = f"{self.name}_migrated"
            connection.close()
            _execute(f"DROP DATABASE IF EXISTS {_quoted(template)} WITH (FORCE)")
            _execute(f"CREATE DATABASE {_quoted(template)} TEMPLATE {_quoted(self.name)}")
            self.mark.write_text(template)

    def drop(self) -> None:
        """Leave nothing behind on the server: neither what was copied by this process, nor what others copied."""
        if connection.vendor == "sqlite" or self.mark is None:
            return
        connection.close()
        name = self.name if self.copied else f"{self.name}_migrated"
        with prepared(self.mark.name):
            _execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")
            if not self.copied:
                self.mark.unlink(missing_ok=True)


@contextmanager
def migrated_once() -> Iterator[MigratedOnce]:
    """The others wait here until the first has migrated."""
    with prepared("migrated") as mark:
        database = MigratedOnce(mark)
        database.copy()
        yield database


def _execute(order: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(order)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
