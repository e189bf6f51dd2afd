"""Scheduled jobs of this room, and of those below that schedule none themselves."""

from django.utils import timezone

from territoires_en_commun.base.dead_links.checking import check_due_links
from territoires_en_commun.base.dead_links.finding import note_all_links
from territoires_en_commun.base.reports import forget_old_reports
from territoires_en_commun.base.reviews import remind_reviews
from territoires_en_commun.database import refresh_statistics
from territoires_en_commun.imports.services import forget_old_imports
from territoires_en_commun.mailing.jobs import scheduled_job


@scheduled_job("forget_old_imports", label="Effacer le contenu des anciens imports", daily_at="03:50")
def forget_imports() -> str:
    return f"Imports effacés : {forget_old_imports(timezone.now())}."


@scheduled_job("forget_old_reports", label="Effacer les anciens signalements", daily_at="04:00")
def forget_reports() -> str:
    return f"Signalements effacés : {forget_old_reports(timezone.now())}."


@scheduled_job("refresh_statistics", label="Tenir à jour les statistiques de la base", daily_at="04:40")
def keep_database_quick() -> str:
    refresh_statistics()
    return ""


@scheduled_job("check_links", label="Vérifier les liens des pages", daily_at="01:30")
def check_links() -> str:
    note_all_links()
    return check_due_links()


@scheduled_job("remind_reviews", label="Rappeler les contenus à revoir", daily_at="06:30")
def send_review_reminders() -> str:
    mails, pages = remind_reviews(timezone.localdate())
    return f"Courriels de rappel : {mails}, pour {pages} page(s)." if mails else ""
