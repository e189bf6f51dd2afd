"""What tells every process that the public pages changed, in one small query."""

import secrets
from random import choice

from django.db import models, transaction

SHARDS = 16


class ChangeMarkQuerySet(models.QuerySet):
    """Reads of the marks."""

    def current(self) -> tuple[str, ...]:
        """The state of the public pages: two equal answers mean that none changed in between."""
        return tuple(self.order_by("shard").values_list("value", flat=True))


class ChangeMark(models.Model):
    """A few rows; each change writes a new value in one of them, in the transaction of the change.

    Several rows, so that a long transaction (an import) never makes an editor wait for the one it holds.
    """

    shard = models.PositiveSmallIntegerField(primary_key=True)
    value = models.CharField(max_length=32)

    objects = ChangeMarkQuerySet.as_manager()

    class Meta:
        verbose_name = "repère de changement"
        verbose_name_plural = "repères de changement"

    def __str__(self) -> str:
        return f"{self.shard} : {self.value}"


def mark_change() -> None:
    """Tell that something that public pages show changed; belongs in the transaction of the change."""
    with transaction.atomic():
        rows = ChangeMark.objects.order_by("shard")
        # The rows that nobody holds; this transaction finds again the one that it holds already.
        free = rows.select_for_update(of=("self",), skip_locked=True).values_list("shard", flat=True).first()
        value = secrets.token_hex(16)
        shard = choice(range(SHARDS)) if free is None else free  # noqa: S311 (all held: wait for any of them)
        if not ChangeMark.objects.filter(shard=shard).update(value=value):
            fill_marks()
            ChangeMark.objects.filter(shard=shard).update(value=value)


def fill_marks() -> None:
    """Write the rows that are missing: all of them in a new database."""
    marks = [ChangeMark(shard=shard, value=secrets.token_hex(16)) for shard in range(SHARDS)]
    ChangeMark.objects.bulk_create(marks, ignore_conflicts=True)
