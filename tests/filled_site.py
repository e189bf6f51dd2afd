"""Rows that many tests start from, kept after they were first written: later tests get them back in milliseconds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import AutoField

from territoires_en_commun.base.listing import forget_snapshots
from territoires_en_commun.base.models import ChangeMark

Rows = dict[str, list[tuple]]


class FilledSite:
    """What ``fill`` changes in the database that it finds, and how to change it again without running it."""

    def __init__(self, fill: Callable):
        self.fill = fill
        self.before: Rows = {}
        self.after: Rows = {}

    def learn(self, *given) -> None:
        """Run ``fill`` once in a transaction that is rolled back; note the tables that it changes."""
        with transaction.atomic():
            before = {table: _read(table) for table in _tables()}
            self.fill(*given)
            after = {table: _read(table) for table in _tables()}
            transaction.set_rollback(True)
        changed = {table for table in after if after[table] != before[table]}
        kept = {"django_content_type", "auth_permission"}  # what the rows refer to must not have moved
        self.before = {table: before[table] for table in changed | kept}
        self.after = {table: after[table] for table in changed}
        forget_snapshots()

    def restore(self, *given) -> None:
        """Write the rows back; run ``fill`` itself where the database is not as it was before."""
        is_same = connection.in_atomic_block and all(_read(table) == rows for table, rows in self.before.items())
        if not is_same:
            self.fill(*given)
            return
        with _references_unchecked(), connection.cursor() as cursor:
            for table, rows in self.after.items():
                cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - names of our own tables
                if rows:
                    marks = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", rows)  # noqa: S608
            models = [model for model in apps.get_models(include_auto_created=True) if _counts(model, self.after)]
            for statement in connection.ops.sequence_reset_sql(_NoStyle(), models):
                cursor.execute(statement)
        forget_snapshots()


class _NoStyle:
    """Plain SQL, without the colours of a terminal."""

    def __getattr__(self, name: str) -> Callable[[str], str]:
        return str


def _counts(model, rows: Rows) -> bool:
    return model._meta.db_table in rows and isinstance(model._meta.pk, AutoField)


def _tables() -> list[str]:
    """The tables of the models, in a stable order; triggers write the full-text tables of SQLite.

    The marks of change are left as they are: they only say that something moved, and nothing is kept from before.
    """
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted(name for name in names - {ChangeMark._meta.db_table} if not name.endswith("_fts"))


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _read(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)} ORDER BY 1")  # noqa: S608
        return cursor.fetchall()


@contextmanager
def _references_unchecked() -> Iterator[None]:
    """Rows come back in any order: references are checked at the end, as they are at each commit."""
    yield
    connection.check_constraints()


def init_site() -> None:
    call_command("init_site", verbosity=0)


_learnt: dict[Callable, FilledSite] = {}


def fill_once(fill: Callable, *given) -> None:
    """What ``fill(*given)`` writes, learnt when a test of this process first asks for it.

    ``given`` must come from fixtures that are learnt too: their keys are the same in every test.
    """
    if fill not in _learnt:
        filled = FilledSite(fill)
        filled.learn(*given)
        _learnt[fill] = filled
    _learnt[fill].restore(*given)
