"""Clean-up of this room: erased contents, forgotten rows, tasks left by dead workers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from territoires_en_commun.mailing.heartbeats import SILENCE, living_instances
from territoires_en_commun.mailing.models import MailAttachment, OutgoingMail, UsedLink
from territoires_en_commun.mailing.services import NO_CONTENT

MAX_TASK_RUNS = 3
TASK_RESULTS_KEPT = timedelta(days=14)


def erase_old_mails(now: datetime) -> tuple[int, int]:
    """Erase the content of settled mails, then forget them altogether (GDPR-3).

    After MAILING_KEEP_CONTENT_DAYS days only who, what and when remain; after MAILING_KEEP_DAYS days, nothing.
    Return how many contents were erased and how many mails forgotten.
    """
    settled = OutgoingMail.objects.settled()
    with transaction.atomic():
        old = settled.filter(settled_at__lt=now - timedelta(days=settings.MAILING_KEEP_CONTENT_DAYS), erased_at=None)
        MailAttachment.objects.filter(mail__in=old).delete()
        erased = old.update(**NO_CONTENT, erased_at=now)
        _, counts = settled.filter(settled_at__lt=now - timedelta(days=settings.MAILING_KEEP_DAYS)).delete()
    return erased, counts.get(OutgoingMail._meta.label, 0)


def forget_expired_links(now: datetime) -> int:
    """Forget the used links that have expired: their expiry refuses them from now on."""
    return UsedLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def forget_old_task_results(now: datetime) -> int:
    """Delete the results of background tasks finished for 14 days."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=now - TASK_RESULTS_KEPT).delete()[0]


def requeue_abandoned_tasks(now: datetime) -> int:
    """Give back the tasks whose worker died; return how many. Only workers of `run_worker` are judged."""
    living = living_instances(now)
    running = DBTaskResult.objects.running().filter(Q(started_at__lt=now - SILENCE))
    return sum(
        _requeue(task) for task in running if ":" in (last := (task.worker_ids or [""])[-1]) and last not in living
    )


def requeue_tasks_of(worker_id: str) -> int:
    """Give back the tasks that a worker, restarting its loop, no longer runs; return how many."""
    return sum(_requeue(task) for task in DBTaskResult.objects.running() if (task.worker_ids or [""])[-1] == worker_id)


def _requeue(task: DBTaskResult) -> bool:
    """Make a task ready again; one that was already left three times is given up, as it may kill its worker."""
    if len(task.worker_ids) >= MAX_TASK_RUNS:
        task.set_failed(RuntimeError(f"The worker died {MAX_TASK_RUNS} times while running this task"))
        return False
    same = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    return same.update(status="READY", started_at=None) == 1
