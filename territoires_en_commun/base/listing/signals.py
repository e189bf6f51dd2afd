"""What makes this process forget its snapshots at once; other processes see it by ``current_visibility``."""

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction
from wagtail.signals import post_page_move

from territoires_en_commun.base.models import BasePage, Programme, Theme
from territoires_en_commun.territories.models import TerritoryImport

from .snapshot import forget_snapshots

for model in (Theme, Programme, PageViewRestriction, TerritoryImport):
    post_save.connect(forget_snapshots, sender=model)
    post_delete.connect(forget_snapshots, sender=model)
for relation in (BasePage.themes, BasePage.programmes, BasePage.territories):
    m2m_changed.connect(forget_snapshots, sender=relation.through)
post_page_move.connect(forget_snapshots)


@receiver([post_save, post_delete])
def forget_on_page_change(sender, **_signal) -> None:
    """A page of any type was saved or deleted."""
    if issubclass(sender, BasePage):
        forget_snapshots()
