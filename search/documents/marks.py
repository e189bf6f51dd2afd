"""What marks a page as changed, in the transaction of the change: its document is read again after the commit."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction
from wagtail.signals import post_page_move

from search.models import SearchDocument
from territoires_en_commun.base.listing.signals import DRAFT_FIELDS
from territoires_en_commun.base.models import BasePage, Partner, Programme, Theme
from territoires_en_commun.base.registry import pages_changed

CHUNK = 1000


def mark_pages(pks: Iterable[int]) -> None:
    """The documents of these pages are older than the pages; two queries for a thousand."""
    documents = [SearchDocument(page_id=pk, version=uuid.uuid4()) for pk in pks]
    SearchDocument.objects.bulk_create(
        documents,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["page_id"],
        update_fields=["batch", "version"],
    )


def mark_found(pages: QuerySet[BasePage]) -> None:
    """As ``mark_pages``, for the pages of a queryset."""
    mark_pages(pages.order_by().values_list("pk", flat=True))


@receiver(post_save)
def on_page_saved(
    sender: type, instance: Any, update_fields: Collection[str] | None = None, raw: bool = False, **_signal: Any
) -> None:
    """A page of any type was saved; its drafts alone are read by no visitor."""
    if not issubclass(sender, BasePage) or (update_fields and DRAFT_FIELDS.issuperset(update_fields)):
        return
    if instance.live or SearchDocument.objects.filter(pk=instance.pk).exists():
        mark_pages([instance.pk])


@receiver(post_delete)
def on_page_deleted(sender: type, instance: Any, **_signal: Any) -> None:
    """A page was deleted."""
    if issubclass(sender, BasePage):
        mark_pages([instance.pk])


@receiver(post_save, sender=Theme)
@receiver(post_save, sender=Programme)
@receiver(post_save, sender=Partner)
def on_term_saved(instance: Any, created: bool, **_signal: Any) -> None:
    """A name that pages are found by may have changed."""
    if not created:
        mark_found(instance.pages.filter(live=True))


def on_terms_linked(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_signal: Any) -> None:
    """Terms or territories were put on pages, or taken off, outside their form."""
    if action.startswith("post_") and (pages := (pk_set or set()) if reverse else {instance.pk}):
        mark_found(BasePage.objects.filter(pk__in=pages, live=True))


for relation in (BasePage.themes, BasePage.programmes, BasePage.territories):
    m2m_changed.connect(on_terms_linked, sender=relation.through)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def on_restriction_changed(instance: PageViewRestriction, **_signal: Any) -> None:
    """A section became private, or public again: so did every page in it."""
    mark_found(BasePage.objects.filter(path__startswith=instance.page.path, live=True))


@receiver(post_page_move)
def on_page_moved(instance: Any, **_signal: Any) -> None:
    """A page moved with those below it, perhaps in a private section, or out of it."""
    mark_found(BasePage.objects.filter(path__startswith=instance.path, live=True))


@receiver(pages_changed)
def on_pages_changed(pages: Iterable[int], **_signal: Any) -> None:
    """A room changed what its pages are found by, outside their own save."""
    mark_pages(pages)
