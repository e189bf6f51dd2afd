"""Rights in the editing space, given to groups by the actions that they allow.

Migrations give some too: everything goes through an app registry, no model is imported.
"""

from collections.abc import Iterable

from django.db.models import Q

MEDIA_KINDS = {"wagtailimages": "image", "wagtaildocs": "document"}  # Wagtail keeps their rights on its own models


def admin_access(apps):
    """The right to enter the editing space."""
    return apps.get_model("auth.Permission").objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )


def page_rights(apps, actions: Iterable[str]):
    """Rights on pages: their names follow the base page model (``add_basepage``)."""
    codenames = [f"{action}_basepage" for action in actions]
    return apps.get_model("auth.Permission").objects.filter(content_type__app_label="base", codename__in=codenames)


def media_rights(apps, actions: Iterable[str]):
    """Rights on images and documents."""
    wanted = Q(pk__in=[])
    for app, kind in MEDIA_KINDS.items():
        wanted |= Q(content_type__app_label=app, codename__in=[f"{action}_{kind}" for action in actions])
    return apps.get_model("auth.Permission").objects.filter(wanted)


def grant_pages(apps, group, page_id: int, actions: Iterable[str]) -> int:
    """Let a group do this on a page and all that is below it; return how many rights it lacked."""
    rights = apps.get_model("wagtailcore.GroupPagePermission").objects
    return sum(
        rights.get_or_create(group=group, page_id=page_id, permission=permission)[1]
        for permission in page_rights(apps, actions)
    )


def grant_media(apps, group, collection_id: int, actions: Iterable[str]) -> int:
    """Let a group do this on the images and documents of a collection; return how many rights it lacked."""
    return _grant_on_collection(apps, group, collection_id, media_rights(apps, actions))


def grant_collections(apps, group, collection_id: int, actions: Iterable[str]) -> int:
    """Let a group do this on the collections inside one; return how many rights it lacked."""
    codenames = [f"{action}_collection" for action in actions]
    wanted = apps.get_model("auth.Permission").objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    )
    return _grant_on_collection(apps, group, collection_id, wanted)


def _grant_on_collection(apps, group, collection_id: int, permissions) -> int:
    rights = apps.get_model("wagtailcore.GroupCollectionPermission").objects
    return sum(
        rights.get_or_create(group=group, collection_id=collection_id, permission=permission)[1]
        for permission in permissions
    )
