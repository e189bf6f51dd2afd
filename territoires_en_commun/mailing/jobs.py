"""Scheduled jobs of this room and of the framework. Other rooms: `from …mailing.jobs import scheduled_job`."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from territoires_en_commun.mailing import upkeep
from territoires_en_commun.mailing.scheduling import scheduled_job

__all__ = ["scheduled_job"]


@scheduled_job("publish_scheduled", label="Publier et dépublier les pages programmées", every=timedelta(minutes=1))
def publish_scheduled():
    call_command("publish_scheduled", verbosity=0)


@scheduled_job("requeue_abandoned_tasks", label="Reprendre les tâches interrompues", every=timedelta(minutes=2))
def requeue_abandoned_tasks() -> str:
    count = upkeep.requeue_abandoned_tasks(timezone.now())
    return f"Tâches reprises : {count}." if count else ""


@scheduled_job("clear_sessions", label="Effacer les sessions expirées", daily_at="03:10")
def clear_sessions():
    call_command("clearsessions", verbosity=0)


@scheduled_job("forget_task_results", label="Effacer les anciens résultats de tâches", daily_at="03:20")
def forget_task_results() -> str:
    return f"Résultats effacés : {upkeep.forget_old_task_results(timezone.now())}."


@scheduled_job("erase_old_mails", label="Effacer le contenu des anciens courriels", daily_at="03:30")
def erase_old_mails() -> str:
    erased, forgotten = upkeep.erase_old_mails(timezone.now())
    return f"Contenus effacés : {erased} ; courriels oubliés : {forgotten}."


@scheduled_job("forget_expired_links", label="Oublier les liens à usage unique expirés", daily_at="03:40")
def forget_expired_links() -> str:
    return f"Liens oubliés : {upkeep.forget_expired_links(timezone.now())}."
