"""Keep the text of each document in step with its file."""

import logging
import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.db.models import F, Q, QuerySet

from territoires_en_commun.base.models import CustomDocument

from .extraction import EXTENSIONS, Extraction, Limits, extract
from .models import FileText
from .problems import FileProblem
from .signals import file_text_changed

logger = logging.getLogger(__name__)


def is_readable(document: CustomDocument) -> bool:
    """Whether the search reads files of this format."""
    return document.file_extension.lower() in EXTENSIONS


def is_read(document: CustomDocument) -> bool:
    """Whether the text that is kept is that of the file; of the formats that are not read, none is kept."""
    kept = FileText.objects.filter(document=document.pk)
    if not is_readable(document):
        return not kept.exists()
    read = kept.exclude(problem=FileProblem.MISSING)
    return read.filter(file_hash=document.file_hash, file_name=document.file.name).exists()


def documents_to_read() -> QuerySet[CustomDocument]:
    """Those whose file was not read, or not found; the ones never tried first."""
    readable = Q()
    for extension in EXTENSIONS:
        readable |= Q(file__iendswith=f".{extension}")
    read = FileText.objects.current().exclude(problem=FileProblem.MISSING)
    documents = CustomDocument.objects.filter(readable).exclude(pk__in=read.values("document"))
    return documents.order_by(F("file_text__extracted_at").asc(nulls_first=True), "pk")


def read_document(document: CustomDocument) -> None:
    """Read the file of a document and keep its text; tell ``file_text_changed`` when it is not what it was."""
    extraction = _read(document) if is_readable(document) else None
    with transaction.atomic():
        same = CustomDocument.objects.filter(
            pk=document.pk, file=document.file.name, file_hash=document.file_hash
        ).select_for_update(of=("self",))
        if not same.exists():  # deleted, or replaced in the meantime: another task reads the new file
            return
        is_changed = _keep(document, extraction)
    if is_changed:
        file_text_changed.send(sender=FileText, document_id=document.pk)


def _read(document: CustomDocument) -> Extraction:
    """Read a copy of the file, wherever it is stored."""
    extension = document.file_extension.lower()
    with NamedTemporaryFile(suffix=f".{extension}") as copy:
        try:
            with document.file.storage.open(document.file.name, "rb") as file:
                shutil.copyfileobj(file, copy)
        except Exception:  # each storage has its own errors; the job tries again
            logger.exception("The file of document %s can't be fetched", document.pk)
            return Extraction([], [], FileProblem.MISSING, False)
        copy.flush()
        return extract(Path(copy.name), extension, Limits.from_settings())


def _keep(document: CustomDocument, extraction: Extraction | None) -> bool:
    """Write what was read, or forget what was when nothing is read any more; give whether the text changed."""
    kept = FileText.objects.filter(document=document).first()
    before = (kept.pages, kept.labels) if kept else ([], [])
    if extraction is None:
        FileText.objects.filter(document=document).delete()
        return any(before[0])
    FileText.objects.update_or_create(
        document=document,
        defaults={
            "file_hash": document.file_hash,
            "file_name": document.file.name,
            "pages": extraction.pages,
            "labels": extraction.labels,
            "problem": extraction.problem,
            "is_truncated": extraction.truncated,
        },
    )
    return (extraction.pages, extraction.labels) != before
