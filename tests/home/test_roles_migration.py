"""The migrations of the roles and of the review: what a database has after ``migrate`` alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import Collection, GroupApprovalTask, Task, TaskState, Workflow, WorkflowTask

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.home.models import ReviewTask
from territoires_en_commun.home.roles import ROLES, create_roles
from tests.factories import UserFactory
from tests.pages.build import make_page

pytestmark = pytest.mark.django_db
roles = import_module("territoires_en_commun.home.migrations.0004_roles")
second_reader = import_module("territoires_en_commun.home.migrations.0003_second_reader")
NAMES = [role.name for role in ROLES]


def rights(name: str) -> dict:
    group = Group.objects.get(name=name)
    pages = group.page_permissions.values_list("page", "permission__codename")
    media = group.collection_permissions.values_list("collection", "permission__codename")
    return {
        "models": sorted(group.permissions.values_list("codename", flat=True)),
        "pages": sorted(pages),
        "media": sorted(media),
    }


def test_reviewers_read_the_searches_once_the_site_is_prepared(site):
    assert "view_searchlogentry" in rights("Relecteurs")["models"]
    assert {"add_acronym", "delete_searchsynonym", "change_relevancecase"} <= set(rights("Éditeurs")["models"])
    assert not [codename for codename in rights("Contributeurs")["models"] if "search" in codename]


def test_roles_exist_after_migrate_alone():
    root, library = BasePage.objects.get(depth=1).pk, Collection.objects.get(depth=1).pk
    assert set(NAMES) <= set(Group.objects.values_list("name", flat=True))
    assert rights("Contributeurs") == {
        "models": ["access_admin"],
        "pages": [(root, "add_basepage")],
        "media": [
            (library, codename) for codename in ("add_document", "add_image", "choose_document", "choose_image")
        ],
    }
    submissions = [f"{action}_experiencesubmission" for action in ("add", "change", "delete", "view")]
    assert rights("Relecteurs") == {
        "models": ["access_admin", *submissions],
        "pages": [(root, "change_basepage")],
        "media": [(library, "choose_document"), (library, "choose_image")],
    }
    assert rights("Organisateurs") == rights("Accueil") == {"models": ["access_admin"], "pages": [], "media": []}
    codenames = [f"{action}_basepage" for action in ("add", "change", "lock", "publish", "unlock")]
    assert rights("Éditeurs")["pages"] == [(root, codename) for codename in codenames]
    assert "add_theme" in rights("Éditeurs")["models"]
    assert "add_user" not in rights("Éditeurs")["models"]
    assert {"add_user", "add_partnerspace", "bulk_delete_basepage"} - set(rights("Administrateurs")["models"]) == {
        "bulk_delete_basepage"  # a right on pages
    }


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("name", NAMES)
def test_role_enters_the_admin_after_migrate_alone(name):
    client = Client()
    client.force_login(UserFactory(groups=[name]))
    assert client.get("/admin/").status_code == 200


def test_migration_leaves_a_group_that_exists_alone():
    group = Group.objects.get(name="Éditeurs")
    group.permissions.clear()
    roles.create(apps, None)
    assert group.permissions.count() == 0


def test_migration_creates_the_permissions_that_it_gives():
    Group.objects.filter(name__in=NAMES).delete()
    Permission.objects.filter(content_type__app_label__in=["base", "imports"]).delete()
    roles.create(apps, None)
    assert {"add_theme", "add_importjob"} <= set(rights("Éditeurs")["models"])
    assert len(rights("Éditeurs")["pages"]) == 5


def test_migration_is_undone_but_for_roles_in_use():
    UserFactory(groups=["Relecteurs"])
    roles.remove(apps, None)
    assert list(Group.objects.filter(name__in=NAMES).values_list("name", flat=True)) == ["Relecteurs"]


def test_roles_are_completed_on_demand_only():
    create_roles(apps, complete=True)  # with the rights on models that came after the migration
    Group.objects.get(name="Contributeurs").permissions.clear()
    assert create_roles(apps) == []
    assert create_roles(apps, complete=True) == ["Rôle « Contributeurs » complété."]


def test_roles_that_a_site_in_service_lacks_are_created_on_demand():
    create_roles(apps, complete=True)
    Group.objects.filter(name__in=["Organisateurs", "Accueil"]).delete()
    assert create_roles(apps, complete=True) == ["Rôle « Organisateurs » créé.", "Rôle « Accueil » créé."]
    assert rights("Accueil")["models"] == ["access_admin"]


# The review


@pytest.fixture
def former_review(db):
    """The workflow as it was before, with a page in it."""
    task = GroupApprovalTask.objects.create(name="Relecture")
    task.groups.set(Group.objects.filter(name__in=["Éditeurs", "Relecteurs"]))
    workflow = Workflow.objects.create(name="Relecture puis publication")
    WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)
    workflow.start(make_page(live=False), UserFactory())
    return task


def test_former_review_becomes_one_of_four_eyes_in_place(former_review):
    groups = set(former_review.groups.all())
    second_reader.apply(apps, None)
    task = Task.objects.get(pk=former_review.pk).specific
    assert (type(task), set(task.groups.all())) == (ReviewTask, groups)
    assert TaskState.objects.get().task.specific == task
    assert not GroupApprovalTask.objects.filter(pk=task.pk).exists()
    second_reader.revert(apps, None)
    task = Task.objects.get(pk=former_review.pk).specific
    assert (type(task), set(task.groups.all())) == (GroupApprovalTask, groups)


def test_review_that_an_administrator_made_is_left_alone(former_review):
    Workflow.objects.update(name="Notre circuit")
    second_reader.apply(apps, None)
    assert type(Task.objects.get(pk=former_review.pk).specific) is GroupApprovalTask
