"""« À faire » on the dashboard: right counts, each leading to the list of exactly these, only what one may see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.models import BasePage, ErrorReport, LinkCheck, LinkState, LinkUse
from territoires_en_commun.base.todo import things_to_do
from territoires_en_commun.imports.models import ImportJob, ImportState
from tests.factories import UserFactory
from tests.pages.build import make_draft, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def told(user) -> dict[str, int]:
    return {todo.label: todo.count for todo in things_to_do(user, timezone.now())}


def listed(client, url) -> int:
    """How many rows the list at this address shows."""
    context = client.get(url).context
    return context["jobs"].paginator.count if "jobs" in context else context["paginator"].count


def submit(page, user):
    page.save_revision()
    workflow = page.get_workflow()
    workflow.start(page, user)


def make_import(user, state=ImportState.DONE, refused=2, **values):
    return ImportJob.objects.create(
        kind="acteurs",
        user=user,
        file_name="a.csv",
        size=1,
        encoding="utf-8",
        separator="semicolon",
        state=state,
        counts={"refusee": refused, "creation": 3},
        **values,
    )


@pytest.fixture
def busy(home, editor, contributor):
    """Everything that may wait for an editor, twice; and what does not concern them."""
    LinkCheck.objects.all().delete()
    today = timezone.localdate()
    for number in (1, 2):
        page = make_page(home, title=f"Publiée {number}", slug=f"publiee-{number}", review_owner=editor)
        BasePage.objects.filter(pk=page.pk).update(review_date=today - timedelta(days=number))
        dead = LinkCheck.objects.create(url=f"https://mort{number}.exemple.fr/", state=LinkState.DEAD, failed_days=3)
        LinkUse.objects.create(link=dead, page=page, field="body")
        ErrorReport.objects.create(page=page, page_title=page.title, message="Faux.", identity=f"{number:032}")
        BasePage.objects.filter(pk=make_draft(home, title=f"À moi {number}").pk).update(owner=editor)
        submit(make_page(home, title=f"Proposée {number}", slug=f"proposee-{number}", live=False), contributor)
        make_import(editor)
    others = make_page(home, title="Aux autres", slug="aux-autres")
    BasePage.objects.filter(pk=others.pk).update(review_date=today)
    make_draft(home, title="Aux autres aussi")
    ErrorReport.objects.create(page_title="Close", message="Vrai.", identity="0" * 32, closed_at=timezone.now())
    make_import(contributor)
    make_import(editor, refused=0)
    make_import(editor, state=ImportState.CANCELLED)
    old = make_import(editor)
    ImportJob.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))


def test_editor_is_told_of_all_that_waits(busy, editor):
    assert told(editor) == {
        "contenus attendent votre relecture": 2,
        "de vos brouillons sont à compléter": 2,
        "contenus dont vous êtes responsable sont à revoir": 2,
        "liens morts": 2,
        "signalements sans réponse": 2,
        "de vos imports ont des lignes refusées": 2,
    }


def test_each_count_leads_to_exactly_these(client, busy, editor):
    client.force_login(editor)

    found = {todo.label: listed(client, todo.url) for todo in things_to_do(editor, timezone.now())}

    assert found == told(editor)


def test_dashboard_shows_them_and_costs_sixteen_queries_at_most(client, busy, editor):
    client.force_login(editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert '<strong class="counts__number">2</strong> liens morts' in html
    assert f'href="{reverse("signalements:index")}?state=ouvert"' in html

    account = type(editor).objects.get(pk=editor.pk)  # without what it remembers of its rights
    with CaptureQueriesContext(connection) as queries:
        things_to_do(account, timezone.now())
    assert len(queries) <= 16


def test_reviewer_contributor_and_stranger_see_what_is_theirs(busy, reviewer, contributor):
    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))

    assert told(reviewer) == {"contenus attendent votre relecture": 2, "liens morts": 2}
    assert told(contributor) == {}
    assert told(stranger) == {}


def test_author_is_told_of_what_a_reviewer_sent_back(client, home, contributor, reviewer):
    page = make_page(home, title="Proposée", slug="proposee", live=False)
    BasePage.objects.filter(pk=page.pk).update(owner=contributor)
    submit(page, contributor)
    assert told(contributor) == {}
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, reviewer, "reject", comment="Dites où.")

    client.force_login(contributor)
    (todo,) = things_to_do(contributor, timezone.now())
    assert (todo.label, todo.count) == ("de vos contenus est à reprendre : la relecture demande des modifications", 1)
    assert listed(client, todo.url) == 1


def test_one_thing_is_told_in_the_singular(home, editor):
    page = make_page(home, slug="seule", review_owner=editor)
    BasePage.objects.filter(pk=page.pk).update(review_date=timezone.localdate())

    assert told(editor) == {"contenu dont vous êtes responsable est à revoir": 1}


def test_nothing_to_do_is_said(client, site, contributor):
    client.force_login(contributor)

    assert "Rien n’attend votre intervention." in client.get(reverse("wagtailadmin_home")).content.decode()


def test_list_of_imports_says_that_it_is_filtered(client, busy, editor):
    client.force_login(editor)
    url = reverse("imports:index")

    assert "Voir tous les imports" in client.get(f"{url}?refusees=1").content.decode()
    assert "Voir tous les imports" not in client.get(f"{url}?refusees=&p=abc").content.decode()
