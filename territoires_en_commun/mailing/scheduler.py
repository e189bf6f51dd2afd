"""The scheduler: runs the due jobs, each in its own thread, and keeps hold of them while they last."""

import logging
import threading
import time
import uuid

from django.db import Error, connections
from django.utils import timezone

from territoires_en_commun.mailing import heartbeats, scheduling
from territoires_en_commun.mailing.processes import BackgroundProcess
from territoires_en_commun.mailing.scheduling import (
    Job,
    claim_job,
    due_jobs,
    load_jobs,
    release_job,
    renew_leases,
    run_claimed_job,
    sync_jobs,
)

logger = logging.getLogger(__name__)

MAX_RUNNING = 4
SYNC_PERIOD = 60.0  # seconds between two looks for jobs without a row
GRACE = 1.5  # seconds given to the jobs under way when asked to stop


def run_due_jobs_once(jobs: dict[str, Job] | None = None) -> dict[str, bool]:
    """Run each due job, one after the other; return which succeeded."""
    jobs = load_jobs() if jobs is None else jobs
    sync_jobs(timezone.now(), jobs)
    outcome = {}
    for job in due_jobs(timezone.now(), jobs):
        if token := claim_job(job, timezone.now()):
            outcome[job.name] = _run_with_renewal(job, token)
    return outcome


def _run_with_renewal(job: Job, token: uuid.UUID) -> bool:
    """Run a job in this thread while another keeps its lease."""
    done = threading.Event()
    pause = scheduling.LEASE.total_seconds() / 4

    def renew():
        while not done.wait(pause):
            try:
                renew_leases([token], timezone.now())
            except Error:
                logger.warning("Lease of %s not renewed", job.name, exc_info=True)
        connections.close_all()

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        return run_claimed_job(job, token)
    finally:
        done.set()
        keeper.join()


class SchedulerProcess(BackgroundProcess):
    """Any number of them may run at once: each due job is run by one."""

    name = heartbeats.SCHEDULER

    def __init__(self, jobs: dict[str, Job] | None = None):
        super().__init__()
        self.jobs = load_jobs() if jobs is None else jobs
        self._running: dict[uuid.UUID, threading.Thread] = {}
        self._last_sync: float | None = None
        self._last_renewal = time.monotonic()

    def step(self):
        if self._last_sync is None or time.monotonic() - self._last_sync > SYNC_PERIOD:
            sync_jobs(timezone.now(), self.jobs)
            self._last_sync = time.monotonic()
        self._running = {token: thread for token, thread in self._running.items() if thread.is_alive()}
        if time.monotonic() - self._last_renewal > scheduling.LEASE.total_seconds() / 4:
            renew_leases(list(self._running), timezone.now())
            self._last_renewal = time.monotonic()
        for job in due_jobs(timezone.now(), self.jobs)[: MAX_RUNNING - len(self._running)]:
            if token := claim_job(job, timezone.now()):
                thread = threading.Thread(target=self._run, args=(job, token), name=job.name, daemon=True)
                self._running[token] = thread
                thread.start()

    def finish(self) -> bool:
        deadline = time.monotonic() + GRACE
        for thread in self._running.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        cut = {token: thread for token, thread in self._running.items() if thread.is_alive()}
        for token, thread in cut.items():
            logger.warning("Scheduled job %s interrupted: it will run again", thread.name)
            self.survive(lambda token=token: release_job(token, timezone.now()))
        return not cut

    @staticmethod
    def _run(job: Job, token: uuid.UUID):
        try:
            run_claimed_job(job, token)
        except Error:
            logger.exception("Outcome of the scheduled job %s not recorded: it will run again", job.name)
        finally:
            connections.close_all()
