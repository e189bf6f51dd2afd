"""What the worker does of an import: plan every row, then write those that were confirmed."""

import logging
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from territoires_en_commun.database import refresh_statistics
from territoires_en_commun.imports.csv_files import Line
from territoires_en_commun.imports.kinds import (
    Action,
    ImportRefused,
    ImportSession,
    Plan,
    Problem,
    RowRefused,
    query_dict,
)
from territoires_en_commun.imports.models import ImportJob, ImportRow, ImportState

logger = logging.getLogger(__name__)

UNEXPECTED = "Cette ligne a provoqué une erreur inattendue ; elle est dans le journal technique."
CHANGED_SINCE = "La fiche a changé depuis la simulation : importez de nouveau cette ligne."
NOTHING_WRITTEN = "Rien n’est écrit : revoyez les réglages, puis refaites la simulation, ou abandonnez."
END_FIRST = "Ce qui est écrit reste : terminez cet import, puis importez ses lignes refusées avec d’autres réglages."
REPAIRS_REFUSED = "Les réparations proposées ont été refusées."
TOO_LONG = "La ligne a {count} cellules pour {expected} colonnes : un séparateur manque peut-être de guillemets."
PROGRESS_EVERY = 25
MANY = 100  # rows; fewer change no statistics of the database that matter, and reading those takes a second
# What an editor confirms of a row. A row with problems is never written.
CONFIRMED = ("action", "target", "repairs", "changes")


def to_write() -> Q:
    """Rows that an import would write."""
    wanted = Q(action__in=(Action.CREATE, Action.UPDATE))
    return wanted & ~Q(has_repairs=True, repairs_accepted=False)


def open_session(job: ImportJob) -> ImportSession:
    """Begin with the settings that were chosen. Raise ImportRefused when they no longer hold."""
    kind = job.kind_object
    if kind is None:
        raise ImportRefused("Ce type d’import n’existe plus.")
    form = kind.settings_form(query_dict(job.settings))
    if not form.is_valid():
        labels = [str(form[name].label) for name in form.errors if name in form.fields]
        which = f" ({', '.join(labels)})" if labels else ""
        raise ImportRefused(f"Les réglages ne conviennent plus{which}.")
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
        ImportJob.objects.filter(pk=job.pk).update(
            state=ImportState.CHECKED, done=len(rows), counts=count_rows(job), changed_at=timezone.now()
        )


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
        message = " ".join([*error.messages, END_FIRST if job.has_written else NOTHING_WRITTEN])
        ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
            state=ImportState.STOPPED, message=message
        )
        return
    settled = ~to_write() & ~Q(action=Action.UNCHANGED)
    job.rows.filter(settled, result="").update(result=Action.REFUSED)
    left = list(job.rows.filter(result="").values_list("pk", flat=True))
    for rank, pk in enumerate(left):
        if not ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
            done=job.total - len(left) + rank
        ):
            break  # an editor stopped it
        _write_row(job, session, pk)
    _finish(job, session)
    now = timezone.now()
    ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
        state=ImportState.DONE, done=job.total, counts=count_rows(job), finished_at=now, changed_at=now
    )
    if job.total >= MANY:
        refresh_statistics()


def _write_row(job: ImportJob, session: ImportSession, pk: int) -> None:
    """Write one row, unless another worker did; what it did is noted in the same transaction."""
    with transaction.atomic():
        row = ImportRow.objects.select_for_update(of=("self",)).filter(pk=pk, result="").first()
        if row is None:
            return
        try:
            with transaction.atomic():
                plan = session.plan(values_of(job, row.cells), row.line)
                _check_unchanged(plan, row)
                outcome = session.apply(plan)
            row.result, row.messages = row.action, list(outcome.messages)
            row.target = outcome.target
        except RowRefused as error:
            row.result, row.messages = Action.REFUSED, error.messages
        except Exception:
            logger.exception("Import %s, line %s", job.pk, row.line)
            row.result, row.messages = Action.REFUSED, [UNEXPECTED]
        row.save(update_fields=["result", "messages", "target"])


def _finish(job: ImportJob, session: ImportSession) -> None:
    """What follows from the rows, which are written: it never makes an import fail."""
    try:
        session.finish()
    except Exception:
        logger.exception("Import %s, what follows from its rows", job.pk)


def _check_unchanged(plan: Plan, row: ImportRow) -> None:
    """Raise RowRefused when the row would not do what the editor confirmed.

    Remarks aside: they tell what is around the row, which the rows above it may have changed meanwhile.
    """
    if plan.action == Action.REFUSED:
        raise RowRefused([problem.message for problem in plan.problems])
    confirmed = {"action": row.action, "target": row.target} | row.plan
    planned = {"action": plan.action, "target": plan.target} | plan.described()
    if any(planned[part] != confirmed[part] for part in CONFIRMED):
        raise RowRefused(CHANGED_SINCE)


def count_rows(job: ImportJob) -> dict[str, int]:
    """Rows by result, or by what they would do before the run; every row is in one of the counts."""
    done = {row["result"]: row["count"] for row in job.rows.values("result").annotate(count=Count("pk")).order_by()}
    if set(done) == {""}:
        rows = job.rows.values("action").annotate(count=Count("pk")).order_by()
        done = {row["action"]: row["count"] for row in rows}
    return {action.value: done.get(action.value, 0) for action in Action}


def _fail(job: ImportJob, message: str) -> None:
    ImportJob.objects.filter(pk=job.pk, state=ImportState.CHECKING).update(state=ImportState.FAILED, message=message)
