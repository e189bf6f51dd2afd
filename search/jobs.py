"""Scheduled jobs of the search."""

from datetime import timedelta

from search.files.services import documents_to_read
from search.files.tasks import read_file
from territoires_en_commun.mailing.jobs import scheduled_job

FILES_PER_RUN = 100


@scheduled_job("read_files", label="Lire le texte des documents", every=timedelta(hours=1))
def read_missed_files() -> str:
    """Give the worker the files that are not read: those of before the search, or that a task failed to read."""
    documents = list(documents_to_read().values_list("pk", flat=True)[:FILES_PER_RUN])
    for document in documents:
        read_file.enqueue(document)
    return f"Documents à lire : {len(documents)}." if documents else ""
