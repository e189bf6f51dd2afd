"""What decides which pages the public sees, in one small query: the marks of change and the private sections."""

from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Value
from wagtail.models import PageViewRestriction

from territoires_en_commun.shared_reads import read_once

from .changes import ChangeMark


class PublicState(NamedTuple):
    """The marks of change, and the paths of the private sections, both in order."""

    marks: tuple[str, ...]
    private_paths: tuple[str, ...]


def public_state() -> PublicState:
    """The state of now: two equal ones mean that nothing moved. One query, or none when the page being read asked."""
    return read_once("public state", read_public_state)


def private_paths() -> tuple[str, ...]:
    """The paths of the private sections, in order: what is in them is shown to no visitor, anywhere."""
    return public_state().private_paths


def read_public_state() -> PublicState:
    """The state of now; one query."""
    with connection.cursor() as cursor:
        cursor.execute(*_query())
        rows = sorted(cursor.fetchall())
    return PublicState(
        tuple(value for is_mark, _shard, value in rows if is_mark),
        tuple(path for is_mark, _, path in rows if not is_mark),
    )


@cache
def _query() -> tuple[str, tuple]:
    """The query and its parameters: written once, for every page asks it, and writing it takes longer than asking."""
    marks = ChangeMark.objects.order_by().values_list(Value(True), "shard", "value")
    paths = PageViewRestriction.objects.order_by().values_list(Value(False), Value(0), "page__path")
    return marks.union(paths, all=True).query.sql_with_params()
