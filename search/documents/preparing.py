"""From marked pages to documents that engines may index: read after the commit, stamped one batch after another."""

import logging
from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from search import meaning
from search.models import SearchBatch, SearchDocument, SearchState
from territoires_en_commun.base.models import BasePage

from .content import fill
from .marks import mark_pages

PER_BATCH = 100
STAMPING = "documents"
COLUMNS = [
    "batch",
    "is_gone",
    "published_at",
    "title",
    "acronym",
    "identifiers",
    "summary",
    "body",
    "terms",
    "files",
    "dated_on",
    "past_after",
    "review_on",
    "vector",
]

logger = logging.getLogger(__name__)


def count_waiting() -> int:
    """How many documents are older than their page."""
    return SearchDocument.objects.filter(batch=None).count()


def prepare(limit: int = PER_BATCH) -> int:
    """Read marked pages again and stamp them as one batch; the number of documents read, 0 when none waits.

    A page marked again meanwhile, or held by a transaction in progress, waits for the next call.
    """
    versions = dict(SearchDocument.objects.filter(batch=None).values_list("pk", "version")[:limit])
    if not versions:
        return 0
    documents = read_documents(versions)
    with transaction.atomic():
        SearchState.objects.get_or_create(name=STAMPING)
        SearchState.objects.select_for_update(of=("self",)).get(name=STAMPING)
        waiting = SearchDocument.objects.filter(pk__in=versions, batch=None)
        unchanged = set(waiting.select_for_update(of=("self",), skip_locked=True).values_list("pk", "version"))
        ready = [document for document in documents if (document.pk, document.version) in unchanged]
        if ready:
            batch = SearchBatch.objects.create()
            for document in ready:
                document.batch = batch.pk
            # The rows are there and held: only written over, ten times faster than one by one.
            SearchDocument.objects.bulk_create(
                ready, update_conflicts=True, unique_fields=["pk"], update_fields=COLUMNS
            )
    return len(ready)


def read_documents(versions: dict[int, object]) -> list[SearchDocument]:
    """The documents of these pages as the pages are now; without text for those that are not published."""
    pages = {page.pk: page for page in BasePage.objects.filter(pk__in=versions, live=True).specific()}
    read_terms(pages.values())
    documents = [read_document(pk, version, pages.get(pk)) for pk, version in versions.items()]
    vectors = meaning.packed([(document.title, document.summary) for document in documents])
    for document, vector in zip(documents, vectors, strict=True):
        document.vector = vector
    return documents


def read_terms(pages: Iterable[BasePage]) -> None:
    """What pages are filed under, read for all of them: one query for each relation and type."""
    for _type, of_type in groupby(sorted(pages, key=type_name), type_name):
        prefetch_related_objects(list(of_type), "themes", "programmes", "territories")


def type_name(page: BasePage) -> str:
    return type(page).__name__


def read_document(pk: int, version: object, page: BasePage | None) -> SearchDocument:
    """The document of one page; a text that cannot be read leaves the title and the summary."""
    document = SearchDocument(pk=pk, version=version, is_gone=page is None)
    if page is not None:
        try:
            fill(document, page)
        except Exception:  # one page must not keep the others from being found
            logger.exception("Texte illisible pour la recherche : page %s", pk)
            document.title, document.summary, document.published_at = page.title, page.summary, page.last_published_at
    return document


def mark_missed() -> int:
    """Mark the pages that changed without a word (rows written in bulk); how many there were."""
    known = SearchDocument.objects.filter(pk=OuterRef("pk"))
    as_published = Q(published_at=OuterRef("last_published_at")) | Q(
        published_at=None, pk__in=BasePage.objects.filter(last_published_at=None).values("pk")
    )
    true = known.filter(Q(batch=None) | Q(is_gone=False) & as_published)
    missed = list(BasePage.objects.filter(~Exists(true), live=True).values_list("pk", flat=True))
    live = BasePage.objects.filter(pk=OuterRef("pk"), live=True)
    stale = SearchDocument.objects.filter(~Exists(live), is_gone=False).exclude(batch=None)
    missed += stale.values_list("pk", flat=True)
    mark_pages(missed)
    return len(missed)


def forget_old_batches(kept: int = 10_000) -> None:
    """Forget the tokens of old batches; an engine that is older starts again from nothing."""
    last = SearchBatch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    SearchBatch.objects.filter(pk__lt=last - kept).delete()
