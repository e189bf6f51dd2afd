"""Scheduled jobs of the blog."""

from django.utils import timezone

from blog.services import forget_unused_authors
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_unused_authors", label="Effacer les auteurs qui ne signent rien", daily_at="04:10")
def forget_authors() -> str:
    return f"Auteurs effacés : {forget_unused_authors(timezone.now())}."
