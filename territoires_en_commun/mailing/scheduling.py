"""Registry of the scheduled jobs, and the claim that makes each due job run once whatever the number of schedulers."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from territoires_en_commun.mailing.models import JobState
from territoires_en_commun.mailing.schedules import DailyAt, Every, Schedule

logger = logging.getLogger(__name__)
Status = JobState.Status

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True)
class Job:
    """A function to run on a schedule; what it returns (a short French sentence, or None) is shown to operators."""

    name: str
    label: str
    schedule: Schedule
    run: Callable[[], str | None]


registry: dict[str, Job] = {}


def scheduled_job(name: str, *, label: str, every: timedelta | None = None, daily_at: str | None = None):
    """Register a function of a `jobs.py` module as a scheduled job.

    `name` is stable (it is the key of its state), `label` is French; `daily_at` is « HH:MM » in Europe/Paris. A job
    must be safe to run twice and to be interrupted. Raise ImproperlyConfigured on a name taken, or unless exactly
    one of `every` and `daily_at` is given.
    """
    if (every is None) == (daily_at is None):
        raise ImproperlyConfigured(f"Scheduled job {name}: give either every or daily_at")
    if not name or len(name) > 100:
        raise ImproperlyConfigured(f"Bad name of scheduled job {name!r}")
    schedule = Every(every) if every is not None else DailyAt.parse(daily_at)

    def register(function: Callable[[], str | None]):
        known = registry.get(name)
        if known and (known.run.__module__, known.run.__qualname__) != (function.__module__, function.__qualname__):
            raise ImproperlyConfigured(f"Two scheduled jobs are named {name}")
        registry[name] = Job(name, label, schedule, function)
        return function

    return register


def load_jobs() -> dict[str, Job]:
    """Import the `jobs` module of every installed app; return the registry."""
    autodiscover_modules("jobs")
    return registry


def sync_jobs(now: datetime, jobs: dict[str, Job]):
    """Give each job its row, and a new date to those whose schedule changed in the code."""
    known = dict(JobState.objects.values_list("name", "schedule"))
    JobState.objects.bulk_create(
        [
            JobState(name=job.name, schedule=str(job.schedule), next_run_at=job.schedule.first(now))
            for job in jobs.values()
            if job.name not in known
        ],
        ignore_conflicts=True,
    )
    for job in jobs.values():
        schedule = str(job.schedule)
        if known.get(job.name, schedule) != schedule:
            changed = JobState.objects.filter(name=job.name, schedule=known[job.name])
            changed.update(schedule=schedule, next_run_at=job.schedule.after(now))


def due_jobs(now: datetime, jobs: dict[str, Job]) -> list[Job]:
    """The jobs to run at `now`, the most late first."""
    names = JobState.objects.due(now).filter(name__in=jobs).order_by("next_run_at").values_list("name", flat=True)
    return [jobs[name] for name in names]


def claim_job(job: Job, now: datetime) -> uuid.UUID | None:
    """Take hold of a due job by one conditional update; None when another scheduler was faster."""
    token = uuid.uuid4()
    claimed = (
        JobState.objects.due(now)
        .filter(name=job.name)
        .update(lease_token=token, lease_until=now + LEASE, last_started_at=now, last_status=Status.RUNNING)
    )
    return token if claimed else None


def renew_leases(tokens: list[uuid.UUID], now: datetime):
    """Keep hold of the jobs that run in this process: a job may last longer than a lease."""
    if tokens:
        JobState.objects.filter(lease_token__in=tokens).update(lease_until=now + LEASE)


def release_job(token: uuid.UUID, now: datetime):
    """Give back a job that this process stops before its end: it is due again at once."""
    JobState.objects.filter(lease_token=token).update(
        lease_token=None, lease_until=None, last_status=Status.INTERRUPTED, last_finished_at=now, next_run_at=now
    )


def run_claimed_job(job: Job, token: uuid.UUID) -> bool:
    """Run a job held by `token` and record the outcome; False when it raised. A failed job is tried again soon."""
    state = JobState.objects.get(name=job.name)
    try:
        result = job.run() or ""
    except Exception as error:
        logger.exception("Scheduled job %s failed", job.name)
        _finish(job, token, Status.FAILED, f"{type(error).__name__} : {error}", state.failures + 1)
        return False
    _finish(job, token, Status.SUCCEEDED, str(result), 0)
    return True


def _finish(job: Job, token: uuid.UUID, status: str, result: str, failures: int):
    now = timezone.now()
    next_run_at = job.schedule.after(now)
    if failures:
        next_run_at = min(next_run_at, now + min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY))
    JobState.objects.filter(name=job.name, lease_token=token).update(
        lease_token=None,
        lease_until=None,
        last_finished_at=now,
        last_status=status,
        last_result=result.replace("\x00", "")[:500],
        failures=failures,
        next_run_at=next_run_at,
    )
