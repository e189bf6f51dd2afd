"""The worker: sends the outbox and runs the background tasks, each in its own thread."""

import logging
import threading
import time

from django.db import Error, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from territoires_en_commun.mailing import heartbeats
from territoires_en_commun.mailing.processes import BackgroundProcess
from territoires_en_commun.mailing.sending import SendReport, send_due_mails
from territoires_en_commun.mailing.upkeep import requeue_tasks_of

logger = logging.getLogger(__name__)

POLL = 3.0  # seconds between two looks at the outbox
LONGEST_PAUSE = 60.0  # seconds between two looks while the mail server or the database is away
GRACE = 25.0  # seconds given to what is under way when asked to stop; container managers often kill after 30
STUCK = 300.0  # seconds without progress after which the sender is believed stuck


def new_task_worker(worker_id: str, *, batch: bool) -> TaskWorker:
    """A loop over every queue of the default backend."""
    return TaskWorker(
        queue_names=["*"],
        interval=1,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )


def work_once() -> SendReport:
    """Run the ready tasks, then send the due mails, until none is left; return the total of the sendings."""
    new_task_worker(heartbeats.new_instance_name(), batch=True).run()
    total = SendReport()
    while True:
        report = send_due_mails()
        for name in ("sent", "retried", "failed", "uncertain", "dropped"):
            setattr(total, name, getattr(total, name) + getattr(report, name))
        total.relay_down = report.relay_down
        if report.relay_down or not (report.sent or report.retried or report.failed):
            return total


class WorkerProcess(BackgroundProcess):
    """Supervises the two threads; silent for the readiness probe when one of them is dead or stuck."""

    name = heartbeats.WORKER

    def __init__(self):
        super().__init__()
        self._task_worker: TaskWorker | None = None
        self._last_progress = time.monotonic()
        self._threads = [
            threading.Thread(target=self._send_mails, name="outbox", daemon=True),
            threading.Thread(target=self._run_tasks, name="tasks", daemon=True),
        ]

    def start(self):
        for thread in self._threads:
            thread.start()

    def is_healthy(self) -> bool:
        sender_moves = time.monotonic() - self._last_progress < STUCK
        return sender_moves and all(thread.is_alive() for thread in self._threads)

    def finish(self) -> bool:
        deadline = time.monotonic() + GRACE
        if self._task_worker is not None:
            self._task_worker.running = False
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        late = [thread.name for thread in self._threads if thread.is_alive()]
        if late:
            logger.error("worker stops before the end of: %s", ", ".join(late))
        return not late

    def _asked_to_stop(self) -> bool:
        self._last_progress = time.monotonic()
        return self.stopping.is_set()

    def _send_mails(self):
        pause = POLL
        while not self._asked_to_stop():
            close_old_connections()
            try:
                report = send_due_mails(should_stop=self._asked_to_stop)
            except Error as error:
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.warning("outbox: the database does not answer, next try in %.0f s (%s)", pause, error)
                connections.close_all()
            except Exception:
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.exception("outbox: unexpected error, next try in %.0f s", pause)
            else:
                pause = min(pause * 2, LONGEST_PAUSE) if report.relay_down else POLL
            self.stopping.wait(pause)
        connections.close_all()

    def _run_tasks(self):
        pause = POLL
        while not self.stopping.is_set():
            try:
                requeue_tasks_of(self.instance)
                self._task_worker = new_task_worker(self.instance, batch=False)
                if not self.stopping.is_set():
                    self._task_worker.run()
                pause = POLL
            except Exception:
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.exception("tasks: the loop failed, next try in %.0f s", pause)
                connections.close_all()
                self.stopping.wait(pause)
        connections.close_all()
