"""What ``init_site`` does of the roles that a migration created, and the workflow that ends in a publication."""

from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, GroupPagePermission, Workflow, WorkflowPage, WorkflowTask

from territoires_en_commun.home.models import HomePage
from territoires_en_commun.home.review import ReviewTask
from territoires_en_commun.home.roles import ROLES, create_roles

WORKFLOW_NAME = "Relecture puis publication"
TASK_NAME = "Relecture"
WAGTAIL_GROUPS = ("Moderators", "Editors")
WAGTAIL_WORKFLOW = "Moderators approval"


def ensure_roles(complete: bool = False) -> list[str]:
    """Remove Wagtail's own groups; with ``complete``, give ours what they lack. Return what was done, in French."""
    done = remove_wagtail_groups()
    return done + (create_roles(apps, complete=True) if complete else [])


def settle_roles(home: HomePage) -> list[str]:
    """On a new site, rights given on the root of the tree come down to the home page, where the explorer then starts.

    The roles also get their rights on the models that came after the migration that created them.
    """
    GroupPagePermission.objects.filter(page__depth=1).update(page=home)
    return create_roles(apps, complete=True)


def ensure_workflow() -> list[str]:
    """Create the workflow and attach it to the home page when no workflow is there; return what was done."""
    done = remove_wagtail_workflow()
    home = HomePage.objects.order_by("path").first()
    workflow = Workflow.objects.filter(name=WORKFLOW_NAME).first()
    if workflow is None:
        task = ReviewTask.objects.create(name=TASK_NAME)
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
