"""The roles of the editing space: what each may do, and how a group is given it.

A migration reads this table to create the groups: everything here goes through an app registry, no model is imported.
"""

from dataclasses import dataclass

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db.models import Q

from territoires_en_commun.base import rights


@dataclass(frozen=True)
class Role:
    """What a group may do: on pages (from the home page down), on the media library and its collections, on models.

    ``models`` holds codenames without the action: ``base.theme`` stands for add, change, delete and view.
    """

    name: str
    pages: tuple[str, ...]
    media: tuple[str, ...]
    collections: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    approves: bool = False


LISTS = (
    "base.theme",
    "base.audience",
    "base.programme",
    "base.programmeterritory",
    "base.partner",
    "blog.author",
    "search.searchsynonym",
    "search.acronym",
    "search.pinnedresult",
    "search.relevancecase",
    "search.searchlogentry",
)
ROLES = (
    Role(
        "Administrateurs",
        pages=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        media=("add", "change", "delete", "choose"),
        collections=("add", "change", "delete"),
        models=(
            *LISTS,
            "base.accessibilityaudit",
            "base.errorreport",
            "base.sitesettings",
            "blog.partnerspace",
            "imports.importjob",
            "mailing.outgoingmail",
            "ressources.experiencesubmission",
            "users.user",
            "auth.group",
            "wagtailcore.site",
            "wagtailcore.workflow",
            "wagtailcore.task",
            "wagtailredirects.redirect",
        ),
        approves=True,
    ),
    Role(
        "Éditeurs",
        pages=("add", "change", "publish", "lock", "unlock"),
        media=("add", "change", "choose"),
        models=(
            *LISTS,
            "base.errorreport",
            "imports.importjob",
            "ressources.experiencesubmission",
            "wagtailredirects.redirect",
        ),
        approves=True,
    ),
    Role(
        "Relecteurs",
        pages=("change",),
        media=("choose",),
        models=("ressources.experiencesubmission", "search.searchlogentry"),
        approves=True,
    ),
    Role("Contributeurs", pages=("add",), media=("add", "choose")),
    # They only enter: the team of each event says what they do there (agenda/session_policy.py).
    Role("Organisateurs", pages=(), media=()),
    Role("Accueil", pages=(), media=()),
)


def create_roles(apps, *, complete: bool = False) -> list[str]:
    """Create the missing groups with their permissions; return what was done, in French.

    A group that exists belongs to the administrators. ``complete`` gives it the permissions that it lacks, as after
    an update that brings new kinds of content; it never takes one away.
    """
    ensure_permissions(apps)
    Group = apps.get_model("auth.Group")  # noqa: N806 - a class
    done = []
    for role in ROLES:
        group, created = Group.objects.get_or_create(name=role.name)
        if (created or complete) and grant(apps, group, role):
            done.append(f"Rôle « {role.name} » {'créé' if created else 'complété'}.")
    return done


def ensure_permissions(apps) -> None:
    """Create the permissions that Django only creates once every migration has run."""
    labels = {name.partition(".")[0] for role in ROLES for name in role.models} | {"base"}
    for label in sorted(labels):
        create_permissions(current_apps.get_app_config(label), apps=apps, verbosity=0, interactive=False)


def grant(apps, group, role: Role) -> int:
    """Give a group the permissions of a role that it lacks; return how many."""
    missing = model_rights(apps, role).exclude(group=group)
    count = len(missing)
    group.permissions.add(*missing)
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    count += rights.grant_media(apps, group, root.pk, role.media)
    count += rights.grant_collections(apps, group, root.pk, role.collections)
    return count + rights.grant_pages(apps, group, top_page_id(apps), role.pages)


def top_page_id(apps) -> int:
    """The page from which rights come down: the home page, or the root of the tree while there is no home."""
    home = apps.get_model("home.HomePage").objects.order_by("path").first()
    return home.pk if home else apps.get_model("base.BasePage").objects.get(depth=1).pk


def model_rights(apps, role: Role):
    """Access to the admin, and the rights of the role on models; those that do not exist yet are left out."""
    wanted = Q(pk__in=rights.admin_access(apps))
    for name in role.models:
        app, model = name.split(".")
        wanted |= Q(content_type__app_label=app, content_type__model=model)
    return apps.get_model("auth.Permission").objects.filter(wanted)
