"""Scheduled jobs of the rooms below that schedule none themselves."""

from django.utils import timezone

from territoires_en_commun.imports.services import forget_old_imports
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_old_imports", label="Effacer le contenu des anciens imports", daily_at="03:50")
def forget_imports() -> str:
    return f"Imports effacés : {forget_old_imports(timezone.now())}."
