"""What can be done to an import, from the file to the report. Each verb checks the state it starts from."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from territoires_en_commun.imports.csv_files import (
    Line,
    check_content,
    decode,
    detect_encoding,
    detect_separator,
    read_table,
)
from territoires_en_commun.imports.kinds import (
    Action,
    ImportKind,
    ImportRefused,
    ImportSession,
    Plan,
    Problem,
    RowRefused,
    query_dict,
)
from territoires_en_commun.imports.mapping import mapping_problems, remember, remembered
from territoires_en_commun.imports.models import (
    KEEP_DONE,
    KEEP_UNFINISHED,
    ColumnMapping,
    ImportJob,
    ImportRow,
    ImportState,
)
from territoires_en_commun.imports.tasks import run_import, simulate_import

logger = logging.getLogger(__name__)

UNEXPECTED = "Cette ligne a provoqué une erreur inattendue ; elle est dans le journal technique."
CHANGED_SINCE = "La fiche a changé depuis la simulation : importez de nouveau cette ligne."
REPAIRS_REFUSED = "Les réparations proposées ont été refusées."
TOO_LONG = "La ligne a {count} cellules pour {expected} colonnes : un séparateur manque peut-être de guillemets."
PROGRESS_EVERY = 25


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
            ColumnMapping.objects.filter(pk=known.pk).update(settings=answers)
        transaction.on_commit(lambda: simulate_import.enqueue(job.pk))


def reopen(job: ImportJob) -> None:
    """Go back to the description of a file that was only simulated."""
    with transaction.atomic():
        _change(job, (ImportState.CHECKED, ImportState.FAILED), state=ImportState.DRAFT, counts={}, message="")
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


def cancel(job: ImportJob) -> None:
    """Give up an import that wrote nothing: file, rows and settings are erased."""
    with transaction.atomic():
        states = (ImportState.DRAFT, ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED)
        _change(job, states, state=ImportState.CANCELLED)
        job.delete()


def forget_old_imports(now: datetime) -> int:
    """Erase the content of old imports and give up those left unfinished; return how many were touched."""
    finished = (ImportState.DONE, ImportState.STOPPED)
    old = ImportJob.objects.filter(
        Q(state__in=finished, changed_at__lt=now - KEEP_DONE, content__isnull=False)
        | Q(changed_at__lt=now - KEEP_UNFINISHED) & ~Q(state__in=(*finished, ImportState.RUNNING))
    )
    count = 0
    for job in old.defer("content"):
        with transaction.atomic():
            if job.state in finished:
                job.rows.all().delete()
                ImportJob.objects.filter(pk=job.pk).update(content=None, mapping={}, settings={})
            else:
                job.delete()
        count += 1
    return count


def to_write() -> Q:
    """Rows that an import would write."""
    wanted = Q(action__in=(Action.CREATE, Action.UPDATE))
    return wanted & ~Q(has_repairs=True, repairs_accepted=False)


def _change(job: ImportJob, states: Sequence[str], **values: Any) -> None:
    """Write on an import that is in one of these states; raise ImportRefused when it is no longer."""
    values |= {"changed_at": timezone.now()}
    if not ImportJob.objects.filter(pk=job.pk, state__in=states).update(**values):
        raise ImportRefused("Cet import n’en est plus à cette étape : rechargez la page.")
    for name, value in values.items():
        setattr(job, name, value)
    job.__dict__.pop("table", None)


# In the worker


def open_session(job: ImportJob) -> ImportSession:
    """Begin with the settings that were chosen. Raise ImportRefused when they no longer hold."""
    kind = job.kind_object
    if kind is None:
        raise ImportRefused("Ce type d’import n’existe plus.")
    form = kind.settings_form(query_dict(job.settings))
    if not form.is_valid():
        raise ImportRefused("Les réglages ne conviennent plus : refaites la simulation.")
    return kind.open(form.cleaned_data, job.user)


def simulate(job_id: int) -> None:
    """Plan every row. Safe to run again: the rows are written at the end, all at once."""
    job = ImportJob.objects.filter(pk=job_id, state=ImportState.CHECKING).first()
    if job is None:
        return
    try:
        rows = list(_planned_rows(job, open_session(job)))
    except ImportRefused as error:
        _fail(job, " ".join(error.messages))
        return
    except Exception:
        _fail(job, "La simulation a échoué ; la cause est dans le journal technique.")
        raise
    with transaction.atomic():
        if (
            not ImportJob.objects.select_for_update(of=("self",))
            .filter(pk=job.pk, state=ImportState.CHECKING)
            .exists()
        ):
            return
        job.rows.all().delete()
        ImportRow.objects.bulk_create(rows, batch_size=500)
        _change(job, (ImportState.CHECKING,), state=ImportState.CHECKED, done=len(rows), counts=count_rows(job))


def _planned_rows(job: ImportJob, session: ImportSession) -> Iterator[ImportRow]:
    for rank, line in enumerate(job.table.lines):
        if rank % PROGRESS_EVERY == 0:
            ImportJob.objects.filter(pk=job.pk).update(done=rank)
        plan = _plan(job, session, line)
        yield ImportRow(
            job=job,
            line=line.number,
            cells=list(line.cells),
            action=plan.action,
            label=plan.label[:255],
            target=plan.target,
            plan=plan.described(),
            has_repairs=bool(plan.repairs) and plan.action != Action.REFUSED,
            has_warnings=bool(plan.warnings),
        )


def values_of(job: ImportJob, cells: Sequence[str]) -> dict[str, str]:
    """The text of each known column of a row."""
    header = job.table.header
    return {column: cells[header.index(name)] for column, name in job.mapping.items() if name in header}


def _plan(job: ImportJob, session: ImportSession, line: Line) -> Plan:
    expected = len(job.table.header)
    if any(line.cells[expected:]):
        problem = Problem("", TOO_LONG.format(count=len(line.cells), expected=expected))
        return Plan(action=Action.REFUSED, label=line.cells[0], problems=(problem,))
    try:
        return session.plan(values_of(job, line.cells), line.number)
    except ImportRefused:
        raise
    except Exception:
        logger.exception("Import %s, line %s", job.pk, line.number)
        return Plan(action=Action.REFUSED, label=line.cells[0], problems=(Problem("", UNEXPECTED),))


def run(job_id: int) -> None:
    """Write the rows in order, each in its own transaction; safe to run again after a crash, even twice at once."""
    job = ImportJob.objects.filter(pk=job_id, state=ImportState.RUNNING).first()
    if job is None:
        return
    try:
        session = open_session(job)
    except ImportRefused as error:
        ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
            state=ImportState.STOPPED, message=" ".join(error.messages)
        )
        return
    settled = ~to_write() & ~Q(action=Action.UNCHANGED)
    job.rows.filter(settled, result="").update(result=Action.REFUSED)
    left = list(job.rows.filter(result="").values_list("pk", flat=True))
    for rank, pk in enumerate(left):
        if not ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
            done=job.total - len(left) + rank
        ):
            return
        _write_row(job, session, pk)
    now = timezone.now()
    ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
        state=ImportState.DONE, done=job.total, counts=count_rows(job), finished_at=now, changed_at=now
    )


def _write_row(job: ImportJob, session: ImportSession, pk: int) -> None:
    """Write one row, unless another worker did; what it did is noted in the same transaction."""
    with transaction.atomic():
        row = ImportRow.objects.select_for_update(of=("self",)).filter(pk=pk, result="").first()
        if row is None:
            return
        try:
            with transaction.atomic():
                plan = session.plan(values_of(job, row.cells), row.line)
                planned = (plan.action, plan.target, plan.described())
                if planned != (row.action, row.target, row.plan):
                    raise RowRefused(CHANGED_SINCE)
                outcome = session.apply(plan)
            row.result, row.messages = row.action, list(outcome.messages)
            row.target = outcome.target
        except RowRefused as error:
            row.result, row.messages = Action.REFUSED, error.messages
        except Exception:
            logger.exception("Import %s, line %s", job.pk, row.line)
            row.result, row.messages = Action.REFUSED, [UNEXPECTED]
        row.save(update_fields=["result", "messages", "target"])


def count_rows(job: ImportJob) -> dict[str, int]:
    """Rows by result, or by what they would do before the run; every row is in one of the counts."""
    done = {row["result"]: row["count"] for row in job.rows.values("result").annotate(count=Count("pk")).order_by()}
    if set(done) == {""}:
        rows = job.rows.values("action").annotate(count=Count("pk")).order_by()
        done = {row["action"]: row["count"] for row in rows}
    return {action.value: done.get(action.value, 0) for action in Action}


def _fail(job: ImportJob, message: str) -> None:
    ImportJob.objects.filter(pk=job.pk, state=ImportState.CHECKING).update(state=ImportState.FAILED, message=message)
