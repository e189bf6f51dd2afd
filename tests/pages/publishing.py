"""Puts complete pages in the site in two writes, where drafts and publication by Wagtail take five."""

from django.utils import timezone

from territoires_en_commun.base.models import BasePage


def put(parent: BasePage, page: BasePage, *, live: bool = True) -> BasePage:
    """The page under its parent, with one version, as its form leaves it: published unless ``live`` is false.

    Who tests what publication does beside publishes a new version.
    """
    if live:
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    revision = page.save_revision(clean=live)
    if live:
        type(page).objects.filter(pk=page.pk).update(live_revision=revision, has_unpublished_changes=False)
    return type(page).objects.get(pk=page.pk)
