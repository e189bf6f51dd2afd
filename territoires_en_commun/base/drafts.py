"""Drafts that wait for their author, found in the database without opening each of them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import WorkflowState, get_page_models

from territoires_en_commun.base.models import BasePage

LAST = "latest_revision__content__"


def incomplete_drafts(pages: QuerySet) -> QuerySet:
    """Those that wait for what every content must have."""
    return pages.filter(is_incomplete())


def is_incomplete() -> Q:
    """Whether the last version of a page is not online and lacks what every content must have (see publication.py).

    A summary, a theme, a review date, somebody in charge, the description of the image. What a page type asks besides
    is told when the page is published: it may be that a draft left out of here lacks it.
    """
    lacking = _is(LAST + "summary", "") | _is(LAST + "themes", [])
    lacking |= _is(LAST + "review_date", None) | _is(LAST + "review_owner", None)
    undescribed = Q(**{LAST + "image_alt": "", LAST + "image_decorative": False})
    lacking |= undescribed & ~_is(LAST + "image", None)
    waiting = Q(live=False) | Q(has_unpublished_changes=True)
    return waiting & lacking & Q(content_type__in=content_types(), latest_revision__isnull=False)


def returned_pages(pages: QuerySet) -> QuerySet:
    """Those that a reviewer sent back."""
    return pages.filter(is_returned())


def is_returned() -> Q:
    """Whether a reviewer sent a page back: changes are asked for."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES,
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return Q(Exists(states))


def _is(path: str, value) -> Q:
    """A key of the stored version has this value, or is missing."""
    return Q(**{path: value}) | Q(**{f"{path}__isnull": True})


def content_types() -> list[ContentType]:
    """The types of pages that follow the publication rules."""
    models = [model for model in get_page_models() if model.is_content]
    return list(ContentType.objects.get_for_models(*models).values())
