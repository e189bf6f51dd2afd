"""What uses what: the pages, and the images and documents that visitors see there."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ReferenceIndex, Revision, TaskState, get_default_page_content_type

from territoires_en_commun.base.models import BasePage, CustomDocument, CustomImage


def references_of(page: BasePage) -> set[tuple[int, str]]:
    """What a version of a page uses: fields, rows edited with it, blocks and rich texts, by content type and key."""
    found = ReferenceIndex._extract_references_from_object(page)  # what Wagtail's usage screens are made of
    return {(content_type, str(key)) for content_type, key, *_ in found}


def shown_media(model: type[CustomImage | CustomDocument], keys: Iterable[int]) -> set[int]:
    """Those of these images, or of these documents, that visitors see, or will if what is under review is approved."""
    keys = set(keys)
    found = _used_in_public(model, keys) | _to_come(model, keys)
    if model is CustomDocument:
        versions = dict(
            CustomDocument.objects.filter(accessible_version__in=keys).values_list("pk", "accessible_version")
        )
        originals = _used_in_public(model, versions) | _to_come(model, versions)
        found |= {versions[original] for original in originals}
    return found


def _used_in_public(model, keys: Iterable[int]) -> set[int]:
    """Those that a published page uses, or what is on line as soon as it is saved: settings, governed lists."""
    pages, documents = get_default_page_content_type().pk, ContentType.objects.get_for_model(CustomDocument).pk
    uses = set(
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(model), to_object_id__in=[str(key) for key in keys]
        )
        .exclude(base_content_type=documents)
        .values_list("to_object_id", "base_content_type", "object_id")
    )
    sources = [int(source) for _, kind, source in uses if kind == pages]
    live = {str(key) for key in BasePage.objects.live().filter(pk__in=sources).values_list("pk", flat=True)}
    return {int(key) for key, kind, source in uses if kind != pages or source in live}


def _to_come(model, keys: Iterable[int]) -> set[int]:
    """Those of the versions that a reviewer reads, or that wait for their date: the index reads no version."""
    wanted = ContentType.objects.get_for_model(model).pk
    is_read = Q(task_states__status=TaskState.STATUS_IN_PROGRESS)
    revisions = Revision.page_revisions.filter(is_read | Q(approved_go_live_at__isnull=False)) if keys else ()
    used = {reference for revision in revisions for reference in references_of(revision.as_object())}
    return {key for key in keys if (wanted, str(key)) in used}
