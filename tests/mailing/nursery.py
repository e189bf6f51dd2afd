"""The process that forks the children of workers.py, and what a child may run. Never imported by pytest."""

import json
import os
import signal
import sys
import time
import traceback
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings


def reset():
    """Empty the tables of the room."""
    from django_tasks_db.models import DBTaskResult

    from territoires_en_commun.mailing import models

    for model in (models.OutgoingMail, models.UsedLink, models.JobState, models.ProcessHeartbeat, DBTaskResult):
        model.objects.all().delete()


def queue(count: int = 1):
    """Queue mails for p0@exemple.fr, p1@exemple.fr…"""
    from territoires_en_commun.mailing.services import queue_mail

    for n in range(count):
        queue_mail(key=f"essai:{n}", to=f"p{n}@exemple.fr", template="test_greeting", context={"person": f"P{n}"})


def states() -> dict:
    from territoires_en_commun.mailing.models import OutgoingMail

    return dict(OutgoingMail.objects.order_by("key").values_list("recipient", "state"))


def let_leases_expire():
    """As if a minute had passed."""
    from django.utils import timezone

    from territoires_en_commun.mailing.models import OutgoingMail

    past = timezone.now() - timedelta(seconds=1)
    OutgoingMail.objects.filter(state="sending").update(lease_until=past)


def cancel(number: int) -> bool:
    from territoires_en_commun.mailing.services import cancel_mail

    return cancel_mail(f"essai:{number}")


def relaunch(number: int):
    from territoires_en_commun.mailing.models import OutgoingMail
    from territoires_en_commun.mailing.services import relaunch_mail

    relaunch_mail(mail_id=OutgoingMail.objects.get(key=f"essai:{number}").pk)


def send_once(dies: str = "") -> dict:
    """One pass of the sender; `dies` names the moment when the process kills itself: function:before or :after."""
    from territoires_en_commun.mailing import sending

    if dies:
        name, moment = dies.split(":")
        real = getattr(sending, name)

        def deadly(*args, **kwargs):
            if moment == "after":
                real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(sending, name, deadly)
    return vars(sending.send_due_mails())


def command(name: str, arguments: list = ()):
    from django.core.management import call_command

    call_command(name, *arguments)


def run_worker(poll: float = 0.2):
    from territoires_en_commun.mailing import worker

    worker.POLL = poll
    command("run_worker")


def disturb_database():
    """Cut every other connection (PostgreSQL), or keep the others waiting for a second (SQLite)."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return
    with transaction.atomic():  # takes the only lock of writers
        time.sleep(1)


def enqueue_sleep(path: str, seconds: float):
    """Enqueue a background task that writes « start », sleeps, then writes « end »."""
    from tests.mailing.sleepy_task import write_then_sleep

    write_then_sleep.enqueue(path, seconds)


def task_statuses() -> list:
    from django_tasks_db.models import DBTaskResult

    return [[task.status, len(task.worker_ids)] for task in DBTaskResult.objects.all()]


def requeue_abandoned(minutes_later: int) -> int:
    from django.utils import timezone

    from territoires_en_commun.mailing.upkeep import requeue_abandoned_tasks

    return requeue_abandoned_tasks(timezone.now() + timedelta(minutes=minutes_later))


def pretend_task_was_left(times: int):
    """As if so many workers had died while running the only task."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    task = DBTaskResult.objects.get()
    for n in range(times):
        task.claim(f"serveur:{n}:abcd")
    DBTaskResult.objects.update(started_at=timezone.now())


def run_scheduler(path: str, seconds: float = 0, every: float = 3600, lease: float = 60):
    """A scheduler whose only job appends a line to a file, sleeps, then appends another."""
    from territoires_en_commun.mailing import scheduling
    from territoires_en_commun.mailing.scheduler import SchedulerProcess
    from territoires_en_commun.mailing.schedules import Every

    scheduling.LEASE = timedelta(seconds=lease)

    def run():
        append(path, "start")
        time.sleep(seconds)
        append(path, "end")

    job = scheduling.Job("essai", "Essai", Every(timedelta(seconds=every)), run)
    clean = SchedulerProcess({"essai": job}).run()
    os._exit(0 if clean else 3)


def job_state() -> dict:
    from territoires_en_commun.mailing.models import JobState

    return dict(JobState.objects.values_list("name", "last_status"))


def stale() -> list:
    from django.utils import timezone

    from territoires_en_commun.mailing.heartbeats import stale_processes

    return [process.name for process in stale_processes(timezone.now())]


def append(path: str, line: str):
    with Path(path).open("a") as file:
        file.write(line + "\n")


def run_child(order: dict):
    """Run one order in a forked child; never returns."""
    status = 1
    report = Path(order["report"])
    log = os.open(report.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        result = globals()[order["run"]](**order["arguments"])
        report.write_text(json.dumps(result))
        status = 0
    except BaseException:  # noqa: BLE001 - the child must end here whatever happens
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def wait(pid: int, timeout: float) -> int | None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    return None


def main():
    django.setup()
    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = {"status": wait(order["wait"], order["timeout"])}
        elif (pid := os.fork()) == 0:
            run_child(order)
        else:
            answer = {"pid": pid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
