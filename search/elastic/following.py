"""How Elasticsearch follows the database: nothing is lost while it is away."""

import logging
from collections.abc import Sequence

from django.apps import apps
from django.db import transaction
from elasticsearch import ApiError
from modelsearch import index as modelsearch

from search.documents.preparing import PER_BATCH, mark_missed, prepare
from search.models import FailedIndexing, SearchBatch, SearchDocument, SearchState
from territoires_en_commun.base.models import BasePage

from .backend import STATE, UNAVAILABLE, server

logger = logging.getLogger(__name__)


class RebuildNeededError(Exception):
    """The index does not exist, or was made from another database: ``update_index`` makes it."""


def follow() -> int:
    """Tell Elasticsearch every change that it was not told; the number of pages and objects written.

    Raise RebuildNeededError, or a TransportError or ApiError of the client when the server does not answer.
    """
    mark_missed()
    while prepare(PER_BATCH):
        pass
    backend = server()
    index = backend.get_index_for_model(BasePage)
    if not backend.es.indices.exists(index=index.name):
        raise RebuildNeededError(index.name)
    return _follow_pages(index) + _retry_failed()


def _follow_pages(index) -> int:
    written = 0
    with transaction.atomic():
        SearchState.objects.get_or_create(name=STATE)
        state = SearchState.objects.select_for_update(of=("self",)).get(name=STATE)
        if state.batch and not SearchBatch.objects.filter(pk=state.batch, token=state.token).exists():
            raise RebuildNeededError(index.name)
        last = SearchBatch.objects.order_by("-pk").first()
        if last is None or last.pk == state.batch:
            return 0
        changed = SearchDocument.objects.filter(batch__gt=state.batch, batch__lte=last.pk)
        pks = list(changed.order_by("batch", "pk").values_list("pk", flat=True))
        for start in range(0, len(pks), PER_BATCH):
            write_pages(index, pks[start : start + PER_BATCH])
        written = len(pks)
        state.batch, state.token = last.pk, last.token
        state.save()
    return written


def write_pages(index, pks: Sequence[int]) -> None:
    """Write these pages as they are now; those that are not published are taken out of the search by ``is_public``,
    those that no longer exist are deleted."""
    pages = {page.pk: page for page in BasePage.objects.filter(pk__in=pks).specific()}
    by_type: dict[type, list[BasePage]] = {}
    for page in pages.values():
        by_type.setdefault(type(page), []).append(page)
    for model, found in by_type.items():
        index.add_items(model, found)
    for pk in pks:
        if pk not in pages:
            index.delete_item(BasePage(pk=pk))


def _retry_failed() -> int:
    """Objects of any kind that could not be written before; what the server refuses is left for later."""
    written = 0
    for failed in FailedIndexing.objects.order_by("pk"):
        try:
            _tell_again(failed)
        except ApiError as error:
            logger.warning("Indexation refusée de nouveau (%s) : %s", type(error).__name__, failed)
            continue
        failed.delete()
        written += 1
    return written


def _tell_again(failed: FailedIndexing) -> None:
    model = apps.get_model(failed.app_label, failed.model_name)
    found = model.objects.filter(pk=failed.object_id).first()
    if found is None:
        server().delete(model(pk=failed.object_id))
    elif indexed := modelsearch.get_indexed_instance(found):
        server().add(indexed)


def follow_quietly() -> str:
    """As ``follow``, for a job: what happened, in a sentence; empty when nothing did."""
    try:
        written = follow()
    except RebuildNeededError:
        return "Index à refaire : lancez update_index."
    except UNAVAILABLE as error:
        return f"Elasticsearch ne répond pas ({type(error).__name__}) : les changements attendront."
    return f"Changements indexés : {written}." if written else ""
