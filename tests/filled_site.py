"""Rows that many tests start from, kept after they were first written: later tests get them back in milliseconds."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import AutoField

from territoires_en_commun.base.listing import forget_snapshots
from territoires_en_commun.base.models import ChangeMark
from tests.shared import once

LARGE = 1_000  # rows


class FilledSite:
    """What ``fill`` changes in the database that it finds, and how to change it again without running it."""

    def __init__(self, fill: Callable):
        self.fill = fill
        self.result = b""  # what it returns: rows as they are then, each test has its own copy
        self.before: list[tuple] = []
        self.rows: dict[str, Any] = {}  # of each table that it changes, as the database takes them back
        self.emptied: list[str] = []  # tables that hold rows before
        self.checked: list[str] = []  # tables that must be as they were
        self.sequences: list[str] = []
        self.large: list[str] = []  # tables that PostgreSQL must know to be so before it is asked anything
        self.files: dict[str, bytes] = {}  # uploads by their name: no transaction brings them back

    def learn(self, *given) -> None:
        """Run ``fill`` once in a transaction that is rolled back; note the tables that it changes."""
        with transaction.atomic():
            before, stored = {table: _read(table) for table in _tables()}, _files()
            self.result = pickle.dumps(self.fill(*given))
            connection.check_constraints()  # here, for PostgreSQL takes the rows back without looking at them
            after = {table: _read(table) for table in _tables()}
            changed = [table for table in after if after[table] != before[table]]
            self.rows = {table: _kept(table, after[table]) for table in changed if after[table]}
            self.large = [table for table in changed if len(after[table]) > LARGE]
            transaction.set_rollback(True)
        self.files = {name: content for name, content in _files().items() if stored.get(name) != content}
        self.emptied = [table for table in changed if before[table]]
        # What the rows refer to must not have moved either.
        self.checked = sorted({*changed, "django_content_type", "auth_permission"})
        self.before = _marks(self.checked)
        models = [model for model in apps.get_models(include_auto_created=True) if _counts(model, changed)]
        self.sequences = connection.ops.sequence_reset_sql(no_style(), models)
        forget_snapshots()

    def restore(self, *given) -> Any:
        """Write the rows back; run ``fill`` itself where the database is not as it was before. Return what it does."""
        if not connection.in_atomic_block or _marks(self.checked) != self.before:
            return self.fill(*given)
        with _references_unchecked(), connection.cursor() as cursor:
            for table in self.emptied:
                cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - names of our own tables
            for table, rows in self.rows.items():
                _write(cursor, table, rows)
            if self.sequences:
                cursor.execute(" ".join(self.sequences))
            if self.large and connection.vendor == "postgresql":
                cursor.execute(f"ANALYZE {', '.join(map(_quoted, self.large))}")
        for name, content in self.files.items():
            if not default_storage.exists(name):  # a test deleted it, or changed the storage
                default_storage.save(name, ContentFile(content))
        forget_snapshots()
        return pickle.loads(self.result)  # noqa: S301 - written above


def _counts(model, tables: list[str]) -> bool:
    return model._meta.db_table in tables and isinstance(model._meta.pk, AutoField)


def _tables() -> list[str]:
    """The tables of the models, in a stable order; triggers write the full-text tables of SQLite.

    The marks of change are left as they are: they only say that something moved, and nothing is kept from before.
    """
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted(name for name in names - {ChangeMark._meta.db_table} if not name.endswith("_fts"))


def _files(folder: str = "") -> dict[str, bytes]:
    """The uploads that the storage holds, by their name."""
    folders, names = default_storage.listdir(folder)
    paths = [f"{folder}{name}" for name in names]
    files = {}
    for path in paths:
        with default_storage.open(path) as file:
            files[path] = file.read()
    return files | {path: content for below in folders for path, content in _files(f"{folder}{below}/").items()}


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _read(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)} ORDER BY 1")  # noqa: S608
        return cursor.fetchall()


def _marks(tables: list[str]) -> list[tuple]:
    """How many rows each table has, and the last key: enough to see that something wrote there."""
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models(include_auto_created=True)}
    queries = (
        f"SELECT {rank}, COUNT(*), CAST(MAX({_quoted(keys[table])}) AS text) FROM {_quoted(table)}"  # noqa: S608
        for rank, table in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return sorted(cursor.fetchall())


def _kept(table: str, rows: list[tuple]) -> Any:
    """The rows of a table as :func:`_write` takes them; PostgreSQL gives and takes them whole."""
    if connection.vendor != "postgresql":
        return rows
    with connection.cursor() as cursor, cursor.copy(f"COPY {_quoted(table)} TO STDOUT") as copied:
        return b"".join(copied)


def _write(cursor, table: str, rows: Any) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copied:
            copied.write(rows)
    else:
        places = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {_quoted(table)} VALUES ({places})", rows)  # noqa: S608


@contextmanager
def _references_unchecked() -> Iterator[None]:
    """Rows come back in any order, and all of them referred to one another when they were learnt."""
    if connection.vendor != "postgresql":
        yield
        connection.check_constraints()
        return
    with connection.cursor() as cursor:  # the account of the throw-away cluster is its administrator
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def init_site() -> None:
    call_command("init_site", verbosity=0)


_learnt: dict[Callable, FilledSite] = {}


def fill_once(fill: Callable, *given) -> Any:
    """What ``fill(*given)`` writes and returns, learnt when a test of the run first asks for it.

    ``given`` must come from fixtures that are learnt too: their keys are the same in every test.
    """
    if fill not in _learnt:
        _learnt[fill] = _learn(fill, *given)
    return _learnt[fill].restore(*given)


def _learn(fill: Callable, *given) -> FilledSite:
    """Learnt by one process of the run; others take it from there, for their databases are copies of one."""

    def learn() -> FilledSite:
        filled = FilledSite(fill)
        filled.learn(*given)
        return filled

    is_named = "<locals>" not in fill.__qualname__
    return once(f"{fill.__module__}.{fill.__qualname__}", learn) if is_named else learn()
