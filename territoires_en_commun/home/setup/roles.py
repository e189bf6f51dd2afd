"""Roles (groups and their permissions) and the workflow that leads from a proposal to a publication."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from territoires_en_commun.home.models import HomePage

WORKFLOW_NAME = "Relecture puis publication"
TASK_NAME = "Relecture"
WAGTAIL_GROUPS = ("Moderators", "Editors")
WAGTAIL_WORKFLOW = "Moderators approval"


@dataclass(frozen=True)
class Role:
    """What a group may do: on pages (from the home page down), on the media library, on models.

    ``models`` holds codenames without the action: ``base.theme`` stands for add, change, delete and view.
    """

    name: str
    pages: tuple[str, ...]
    media: tuple[str, ...]
    models: tuple[str, ...] = ()
    approves: bool = False


LISTS = ("base.theme", "base.audience", "base.programme", "base.partner")
ROLES = (
    Role(
        "Administrateurs",
        pages=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        media=("add", "change", "delete", "choose"),
        models=(
            *LISTS,
            "base.accessibilityaudit",
            "base.errorreport",
            "base.sitesettings",
            "imports.importjob",
            "mailing.outgoingmail",
            "ressources.experiencesubmission",
            "users.user",
            "auth.group",
            "wagtailcore.collection",
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
        models=("ressources.experiencesubmission",),
        approves=True,
    ),
    Role("Contributeurs", pages=("add",), media=("add", "choose")),
)


def ensure_roles(complete: bool = False) -> list[str]:
    """Create the missing groups with their permissions; return what was done, in French.

    A group that exists belongs to the administrators. ``complete`` gives it the permissions that it lacks, as after
    an update that brings new kinds of content; it never takes one away.
    """
    done = remove_wagtail_groups()
    home = HomePage.objects.order_by("path").first()
    for role in ROLES:
        group, created = Group.objects.get_or_create(name=role.name)
        if (created or complete) and grant(group, role, home):
            done.append(f"Rôle « {role.name} » {'créé' if created else 'complété'}.")
    return done


def grant(group: Group, role: Role, home: HomePage) -> int:
    """Give a group the permissions of a role that it lacks; return how many."""
    missing = model_permissions(role).difference(group.permissions.all())
    group.permissions.add(*missing)
    count = len(missing)
    for permission in page_permissions(role):
        count += GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)[1]
    root = Collection.get_first_root_node()
    for permission in media_permissions(role):
        count += GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)[
            1
        ]
    return count


def model_permissions(role: Role) -> set[Permission]:
    """Access to the admin, and the rights of the role on models."""
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    for name in role.models:
        app, model = name.split(".")
        wanted |= Q(content_type__app_label=app, content_type__model=model)
    return set(Permission.objects.filter(wanted))


def page_permissions(role: Role):
    """Rights on pages: their names follow the base page model (``add_basepage``)."""
    codenames = [f"{action}_basepage" for action in role.pages]
    return Permission.objects.filter(content_type__app_label="base", codename__in=codenames)


def media_permissions(role: Role):
    """Rights on the library; Wagtail keeps them on its own image and document models."""
    codenames = [f"{action}_{kind}" for action in role.media for kind in ("image", "document")]
    return Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=codenames
    )


def ensure_workflow() -> list[str]:
    """Create the workflow and attach it to the home page when no workflow is there; return what was done."""
    done = remove_wagtail_workflow()
    home = HomePage.objects.order_by("path").first()
    workflow = Workflow.objects.filter(name=WORKFLOW_NAME).first()
    if workflow is None:
        task = GroupApprovalTask.objects.create(name=TASK_NAME)
        task.groups.set(Group.objects.filter(name__in=[role.name for role in ROLES if role.approves]))
        workflow = Workflow.objects.create(name=WORKFLOW_NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)
        WorkflowPage.objects.get_or_create(page=home.basepage_ptr, defaults={"workflow": workflow})
        done.append(f"Circuit « {WORKFLOW_NAME} » créé et rattaché à l’accueil.")
    return done


def remove_wagtail_groups() -> list[str]:
    """Delete the two groups that Wagtail creates, when nobody is in them: our roles take their place."""
    unused = Group.objects.filter(name__in=WAGTAIL_GROUPS, user=None)
    if not unused:
        return []
    GroupApprovalTask.groups.through.objects.filter(group__in=unused).delete()
    unused.delete()
    return ["Rôles d’origine de Wagtail supprimés."]


def remove_wagtail_workflow() -> list[str]:
    """Delete the workflow that Wagtail creates, when it never served."""
    unused = Workflow.objects.filter(name=WAGTAIL_WORKFLOW, workflow_states=None)
    if not unused:
        return []
    GroupApprovalTask.objects.filter(name=WAGTAIL_WORKFLOW, task_states=None).delete()
    unused.delete()
    return ["Circuit d’origine de Wagtail supprimé."]
