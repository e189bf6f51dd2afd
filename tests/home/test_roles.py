"""Roles in the real admin: who writes, who submits, who approves, who publishes."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState
from wagtail.snippets.models import get_snippet_models

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.home import roles
from territoires_en_commun.home.models import LegalPage, ReviewTask, StandardPage
from tests.factories import StandardPageFactory, UserFactory

pytestmark = pytest.mark.ignore_template_errors

WITHOUT_PAGES = ["Accueil", "Organisateurs"]  # the team of each event says what they do
ROLES = [*WITHOUT_PAGES, "Contributeurs", "Relecteurs", "Éditeurs", "Administrateurs"]


@pytest.fixture
def signed_in(site):
    """``signed_in("Éditeurs")``: a client and its account, with that role alone."""

    def sign_in(role):
        user = UserFactory(groups=[role])
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


def page_data(title="Une page", **extra) -> dict:
    """What the editor posts for a page of text."""
    return {
        "title": title,
        "slug": "une-page",
        "summary": "Un résumé.",
        "image_alt": "",
        "licence": "etalab-2.0",
        "body-count": "0",
        "seo_title": "",
        "search_description": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **extra,
    }


def create(client, home, **extra):
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", home.pk])
    return client.post(url, page_data(**extra))


def edit(client, page, **extra):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), page_data(page.title, **extra))


def test_each_list_of_the_admin_is_in_the_rights_of_a_role():
    """Else only superusers would find it."""
    governed = {name for role in roles.ROLES for name in role.models}
    assert {model._meta.label_lower for model in get_snippet_models()} - governed == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_enters_the_admin(signed_in, role):
    assert signed_in(role).get("/admin/").status_code == 200


def test_an_account_without_role_stays_out(site):
    client = Client()
    client.force_login(UserFactory())
    response = client.get("/admin/")
    assert response.status_code == 302
    assert "login" in response.url


@pytest.mark.parametrize(
    ("role", "created", "live"),
    [
        ("Accueil", False, False),
        ("Organisateurs", False, False),
        ("Contributeurs", True, False),
        ("Relecteurs", False, False),
        ("Éditeurs", True, True),
        ("Administrateurs", True, True),
    ],
)
def test_who_creates_and_publishes_by_post(signed_in, home, role, created, live):
    create(signed_in(role), home, **{"action-publish": "1"})
    page = StandardPage.objects.filter(slug="une-page").first()
    assert (page is not None, bool(page and page.live)) == (created, live)


@pytest.mark.parametrize(("role", "published"), [("Relecteurs", False), ("Éditeurs", True), ("Administrateurs", True)])
def test_who_publishes_the_page_of_another(signed_in, home, role, published):
    page = StandardPageFactory(parent=home, live=False, title="Brouillon")
    edit(signed_in(role), page, **{"action-publish": "1"})
    page.refresh_from_db()
    assert page.live is published


def test_a_contributor_cannot_edit_the_page_of_another(signed_in, home):
    page = StandardPageFactory(parent=home, title="Page d’une autre")
    response = edit(signed_in("Contributeurs"), page, summary="Changé")
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.latest_revision is None
    assert page.summary == "Une page pour essayer."


@pytest.mark.parametrize("role", ROLES)
def test_nobody_unpublishes_without_the_right(signed_in, home, role):
    page = StandardPageFactory(parent=home)
    signed_in(role).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    page.refresh_from_db()
    assert page.live is (role in {*WITHOUT_PAGES, "Contributeurs", "Relecteurs"})


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_govern_accounts_and_settings(signed_in, role):
    client = signed_in(role)
    urls = [
        "/admin/users/",
        "/admin/groups/",
        "/admin/sites/",
        "/admin/settings/base/sitesettings/",
        "/admin/workflows/list/",
    ]
    responses = {url: client.get(url, follow=True) for url in urls}
    opened = [url for url, response in responses.items() if response.request["PATH_INFO"].startswith(url)]
    assert {response.status_code for response in responses.values()} == {200}
    assert opened == (urls if role == "Administrateurs" else [])


def submit(client, home) -> StandardPage:
    create(client, home, **{"action-submit": "1"})
    return StandardPage.objects.get(slug="une-page")


def approve(client, page):
    task = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    return client.post(url)


def test_a_contribution_waits_then_a_reviewer_publishes_it(signed_in, home):
    author, reviewer = signed_in("Contributeurs"), signed_in("Relecteurs")
    page = submit(author, home)
    assert (page.live, page.current_workflow_state.status) == (False, WorkflowState.STATUS_IN_PROGRESS)
    assert page.current_workflow_task == ReviewTask.objects.get(name="Relecture")
    assert page.title in reviewer.get("/admin/").content.decode()
    approve(author, page)
    page.refresh_from_db()
    assert page.live is False
    approve(reviewer, page)
    page.refresh_from_db()
    assert page.live is True


def test_a_reviewer_sends_a_contribution_back(signed_in, home):
    reviewer = signed_in("Relecteurs")
    page = submit(signed_in("Contributeurs"), home)
    task = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", task.pk])
    reviewer.post(url, {"comment": "Précisez la date."})
    state = WorkflowState.objects.get()
    assert (state.status, state.current_task_state.comment) == (
        WorkflowState.STATUS_NEEDS_CHANGES,
        "Précisez la date.",
    )
    page.refresh_from_db()
    assert page.live is False


@pytest.mark.parametrize("role", ["Éditeurs", "Administrateurs"])
def test_legal_pages_keep_their_address_and_are_not_created_by_hand(signed_in, home, role):
    client = signed_in(role)
    url = reverse("wagtailadmin_pages:add", args=["home", "legalpage", home.pk])
    client.post(url, page_data(**{"action-publish": "1"}))
    assert LegalPage.objects.count() == 6
    page = LegalPage.objects.get(kind="cgu")
    edit(client, page, slug="ailleurs", **{"action-publish": "1"})
    page.refresh_from_db()
    assert (page.slug, page.live) == ("cgu", True)


def test_pages_are_only_created_where_they_belong(site, home):
    assert [model.__name__ for model in LegalPage.clean_subpage_models()] == []
    assert not LegalPage.can_create_at(home)
    assert StandardPage.can_create_at(home)
    assert not type(home).can_create_at(BasePage.objects.get(depth=1))
