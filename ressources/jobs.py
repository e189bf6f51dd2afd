"""Scheduled jobs of this room."""

from django.utils import timezone

from ressources.experience_services import forget_contacts
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_experience_contacts", label="Effacer les contacts d’expériences dépubliées", daily_at="04:10")
def forget_experience_contacts() -> str:
    return f"Contacts d’expériences effacés : {forget_contacts(timezone.now())}."
