"""Scheduled jobs of this room."""

from django.utils import timezone

from ressources.experience_services import forget_contacts
from ressources.experience_silence import forget_messages, report_silences
from ressources.submission_services import forget_submissions as forget_old_submissions
from ressources.submission_services import warn_of_oblivion
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_experience_contacts", label="Effacer les contacts d’expériences dépubliées", daily_at="04:10")
def forget_experience_contacts() -> str:
    return f"Contacts d’expériences effacés : {forget_contacts(timezone.now())}."


@scheduled_job("forget_submissions", label="Effacer les anciennes expériences proposées", daily_at="04:20")
def forget_submissions() -> str:
    deleted, erased = forget_old_submissions(timezone.now())
    return f"Expériences proposées supprimées : {deleted} ; auteurs effacés : {erased}."


@scheduled_job("forget_relayed_messages", label="Oublier les anciens messages transmis", daily_at="04:30")
def forget_relayed_messages() -> str:
    return f"Messages transmis oubliés : {forget_messages(timezone.now())}."


@scheduled_job("report_silent_contacts", label="Signaler les contacts qui ne répondent plus", daily_at="06:40")
def report_silent_contacts() -> str:
    return f"Contacts qui ne répondent plus, signalés : {report_silences(timezone.now())}."


@scheduled_job("warn_of_submissions", label="Rappeler les expériences proposées à examiner", daily_at="06:50")
def warn_of_submissions() -> str:
    return f"Expériences proposées bientôt effacées, rappelées : {warn_of_oblivion(timezone.now())}."
