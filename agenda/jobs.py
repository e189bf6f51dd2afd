"""Scheduled jobs of the agenda."""

from datetime import timedelta

from django.utils import timezone

from agenda.events.kinds import RegistrationState
from agenda.models import EventSession
from agenda.registrations.purge import purge
from agenda.registrations.queue import end_late_offers
from agenda.registrations.reminders import send_reminders
from agenda.registrations.seats import QUOTA_RELEASED
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("serve_queues", label="Proposer les places libérées", every=timedelta(minutes=1))
def serve_queues() -> str:
    """Offers that ended, and seats kept for small communes that are open to all from now on."""
    now = timezone.now()
    late = EventSession.objects.filter(registrations__offered_until__lte=now)
    released = EventSession.objects.to_come(now).filter(
        starts_at__lte=now + QUOTA_RELEASED, event__small_quota__gt=0, registrations__state=RegistrationState.WAITING
    )
    ended = sum(end_late_offers(session=session) for session in (late | released).distinct())
    return f"Places proposées restées sans réponse : {ended}." if ended else ""


@scheduled_job("remind_of_sessions", label="Rappeler les séances aux inscrits", every=timedelta(minutes=5))
def remind_of_sessions() -> str:
    count = send_reminders(timezone.now())
    return f"Rappels et remerciements : {count}." if count else ""


@scheduled_job("purge_registrations", label="Effacer les inscriptions passées", daily_at="04:40")
def purge_registrations() -> str:
    done = purge(timezone.now())
    erased, forms = sum(len(due.persons) for due in done), sum(len(due.forms) for due in done)
    answers = sum(due.answer_count for due in done)
    return f"Personnes effacées : {erased} ; formulaires supprimés : {forms} ; réponses effacées : {answers}."
