"""What marks a change, so that every process takes its snapshots again."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction
from wagtail.signals import post_page_move

from territoires_en_commun.base.models import Audience, BasePage, Partner, Programme, Theme, mark_change
from territoires_en_commun.territories.models import TerritoryImport

# Fields of a page written when a draft is saved: visitors see none of them.
DRAFT_FIELDS = {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}


def on_change(**_signal: Any) -> None:
    """Something that every list may show changed; a receiver."""
    mark_change()


for model in (Theme, Programme, Audience, Partner, PageViewRestriction, TerritoryImport):
    post_save.connect(on_change, sender=model)
    post_delete.connect(on_change, sender=model)
for relation in (BasePage.themes, BasePage.programmes, BasePage.audiences, BasePage.territories):
    m2m_changed.connect(on_change, sender=relation.through)
post_page_move.connect(on_change)


@receiver([post_save, post_delete])
def on_page_change(sender, update_fields: Collection[str] | None = None, **_signal: Any) -> None:
    """A page of any type was saved or deleted."""
    if issubclass(sender, BasePage) and not (update_fields and DRAFT_FIELDS.issuperset(update_fields)):
        mark_change()
