"""Scheduled jobs of the search."""

from datetime import timedelta

from django.utils import timezone

from search.documents.loading import prepare_all
from search.documents.preparing import forget_old_batches
from search.files.services import documents_to_read
from search.files.tasks import read_file
from search.log import forget_old_searches
from territoires_en_commun.mailing.jobs import scheduled_job

FILES_PER_RUN = 100


@scheduled_job("read_files", label="Lire le texte des documents", every=timedelta(hours=1))
def read_missed_files() -> str:
    """Give the worker the files that are not read: those of before the search, or that a task failed to read."""
    documents = list(documents_to_read().values_list("pk", flat=True)[:FILES_PER_RUN])
    for document in documents:
        read_file.enqueue(document)
    return f"Documents à lire : {len(documents)}." if documents else ""


@scheduled_job("follow_pages", label="Tenir la recherche à jour", every=timedelta(minutes=1))
def follow_pages() -> str:
    """Make what changed ready to be found, on both engines; visitors' searches do it too for the embedded one."""
    read = prepare_all()
    return f"Pages lues : {read}." if read else ""


@scheduled_job("forget_search_batches", label="Oublier les anciens lots de la recherche", daily_at="04:20")
def forget_batches() -> str:
    forget_old_batches()
    return ""


@scheduled_job("forget_old_searches", label="Effacer les anciennes recherches", daily_at="04:10")
def forget_searches() -> str:
    return f"Recherches effacées : {forget_old_searches(timezone.now())}."
