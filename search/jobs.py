"""Scheduled jobs of the search."""

from django.utils import timezone

from search.log import forget_old_searches
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_old_searches", label="Effacer les anciennes recherches", daily_at="04:10")
def forget_searches() -> str:
    return f"Recherches effacées : {forget_old_searches(timezone.now())}."
