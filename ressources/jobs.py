"""Scheduled jobs of this room."""

from django.utils import timezone

from ressources.experience_services import forget_contacts
from ressources.submission_services import forget_submissions as forget_old_submissions
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_experience_contacts", label="Effacer les contacts d’expériences dépubliées", daily_at="04:10")
def forget_experience_contacts() -> str:
    return f"Contacts d’expériences effacés : {forget_contacts(timezone.now())}."


@scheduled_job("forget_submissions", label="Effacer les anciennes expériences proposées", daily_at="04:20")
def forget_submissions() -> str:
    deleted, erased = forget_old_submissions(timezone.now())
    return f"Expériences proposées supprimées : {deleted} ; auteurs effacés : {erased}."
