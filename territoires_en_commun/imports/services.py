"""What can be done to an import, from the file to the report. Each verb checks the state it starts from."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from territoires_en_commun.imports.csv_files import (
    check_content,
    decode,
    detect_encoding,
    detect_separator,
    read_table,
)
from territoires_en_commun.imports.kinds import Action, ImportKind, ImportRefused
from territoires_en_commun.imports.mapping import mapping_problems, remember, remembered
from territoires_en_commun.imports.models import (
    FINISHED,
    KEEP_DONE,
    KEEP_UNFINISHED,
    ColumnMapping,
    ImportJob,
    ImportState,
)
from territoires_en_commun.imports.running import count_rows, to_write
from territoires_en_commun.imports.tasks import run_import, simulate_import

NOT_WRITTEN = "L’import a été arrêté avant cette ligne : elle n’est pas écrite."


def open_job(*, kind: ImportKind, user, file_name: str, content: bytes) -> ImportJob:
    """Receive a file. Raise FileRefused when it is empty, too heavy, not text, or can't be read."""
    check_content(content)
    encoding = detect_encoding(content)
    separator = detect_separator(decode(content, encoding))
    return ImportJob.objects.create(
        kind=kind.name,
        user=user,
        file_name=PurePath(file_name).name[:255] or "fichier.csv",
        content=content,
        size=len(content),
        encoding=encoding,
        separator=separator,
    )


def describe_file(job: ImportJob, *, encoding: str, separator: str) -> None:
    """Say how the file is written. Raise FileRefused when it can't be read so."""
    read_table(bytes(job.content), encoding, separator)
    _change(job, (ImportState.DRAFT,), encoding=encoding, separator=separator)


def describe_columns(job: ImportJob, mapping: dict[str, str]) -> None:
    """Say which header gives which column, and remember it. Raise ImportRefused when it is not enough."""
    if problems := mapping_problems(job.kind_object, mapping):
        raise ImportRefused(problems)
    _change(job, (ImportState.DRAFT,), mapping=mapping)
    remember(job.kind_object, job.table.header, mapping=mapping, encoding=job.encoding)


def start_simulation(job: ImportJob, answers: dict[str, list[str]]) -> None:
    """Take the settings and let the worker simulate. Raise ImportRefused when something is missing before."""
    if problems := mapping_problems(job.kind_object, job.mapping):
        raise ImportRefused(problems)
    with transaction.atomic():
        lines = len(job.table.lines)
        _change(
            job, (ImportState.DRAFT,), state=ImportState.CHECKING, settings=answers, total=lines, done=0, message=""
        )
        if known := remembered(job.kind_object, job.table.header):
            lasting = job.kind_object.settings_form.lasting(answers)
            ColumnMapping.objects.filter(pk=known.pk).update(settings=lasting)
        transaction.on_commit(lambda: simulate_import.enqueue(job.pk))


def reopen(job: ImportJob) -> None:
    """Go back to the description of a file of which nothing was written."""
    with transaction.atomic():
        states = (ImportState.CHECKED, ImportState.FAILED, ImportState.STOPPED)
        _change(job, states, state=ImportState.DRAFT, counts={}, message="")
        _check_nothing_written(job)
        job.rows.all().delete()


def accept_repairs(job: ImportJob, *, accepted: Sequence[int], shown: Sequence[int] | None = None) -> None:
    """Accept the repairs of some lines, and refuse those of the other lines shown (of all lines by default)."""
    rows = job.rows.filter(has_repairs=True)
    if shown is not None:
        rows = rows.filter(line__in=shown)
    with transaction.atomic():
        _change(job, (ImportState.CHECKED,))
        rows.update(repairs_accepted=False)
        rows.filter(line__in=accepted).update(repairs_accepted=True)


def confirm(job: ImportJob) -> None:
    """Let the worker write the rows, or go on after an interruption.

    Raise ImportRefused when nothing is to be written, or when another import of this kind is being written.
    """
    if not job.rows.filter(to_write(), result="").exists():
        raise ImportRefused("Cet import n’a rien à écrire.")
    try:
        with transaction.atomic():
            _change(job, (ImportState.CHECKED, ImportState.STOPPED), state=ImportState.RUNNING, message="")
            transaction.on_commit(lambda: run_import.enqueue(job.pk))
    except IntegrityError as error:
        raise ImportRefused("Un autre import du même type est en cours : attendez qu’il se termine.") from error


def stop(job: ImportJob) -> None:
    """Stop writing after the current row; what is written stays, and the import can go on later."""
    _change(job, (ImportState.RUNNING,), state=ImportState.STOPPED)


def finish(job: ImportJob) -> None:
    """End an import that was stopped: what is written stays, the rows left are refused and can be imported again."""
    with transaction.atomic():
        now = timezone.now()
        _change(job, (ImportState.STOPPED,), state=ImportState.DONE, message="", done=job.total, finished_at=now)
        left = job.rows.filter(result="")
        left.filter(to_write()).update(result=Action.REFUSED, messages=[NOT_WRITTEN])
        left.filter(action=Action.UNCHANGED).update(result=Action.UNCHANGED)
        left.update(result=Action.REFUSED)
        ImportJob.objects.filter(pk=job.pk).update(counts=count_rows(job))


def cancel(job: ImportJob) -> None:
    """Give up an import that wrote nothing: file, rows and settings are erased."""
    with transaction.atomic():
        states = (
            ImportState.DRAFT,
            ImportState.CHECKING,
            ImportState.CHECKED,
            ImportState.FAILED,
            ImportState.STOPPED,
        )
        _change(job, states, state=ImportState.CANCELLED)
        _check_nothing_written(job)
        job.delete()


def _check_nothing_written(job: ImportJob) -> None:
    """Raise ImportRefused when rows were written: what an import did is not forgotten."""
    if job.has_written:
        raise ImportRefused("Des lignes de cet import sont déjà écrites : reprenez-le, ou terminez-le.")


def forget_old_imports(now: datetime) -> int:
    """Erase the content of old imports and give up those left unfinished; return how many were touched."""
    old = ImportJob.objects.filter(
        Q(state__in=FINISHED, changed_at__lt=now - KEEP_DONE, content__isnull=False)
        | Q(changed_at__lt=now - KEEP_UNFINISHED) & ~Q(state__in=(*FINISHED, ImportState.RUNNING))
    )
    count = 0
    for job in old.defer("content"):
        with transaction.atomic():
            if job.state in FINISHED:
                job.rows.all().delete()
                ImportJob.objects.filter(pk=job.pk).update(content=None, mapping={}, settings={})
            else:
                job.delete()
        count += 1
    return count


def _change(job: ImportJob, states: Sequence[str], **values: Any) -> None:
    """Write on an import that is in one of these states; raise ImportRefused when it is no longer."""
    values |= {"changed_at": timezone.now()}
    if not ImportJob.objects.filter(pk=job.pk, state__in=states).update(**values):
        raise ImportRefused("Cet import n’en est plus à cette étape : rechargez la page.")
    for name, value in values.items():
        setattr(job, name, value)
    job.__dict__.pop("table", None)
