"""The review: four eyes on each version, the author locked out meanwhile, and the strict rules on every road."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import TaskState, WorkflowState

from territoires_en_commun.base.publication import PublicationRefused
from territoires_en_commun.home.review import LOCKED_FOR_AUTHOR, OWN_VERSION
from tests.factories import UserFactory
from tests.pages.build import make_draft, make_page
from tests.pages.forms import form_data
from tests.pages.models import ContentPage

pytestmark = pytest.mark.ignore_template_errors
APPROVERS = ["Relecteurs", "Éditeurs", "Administrateurs", "superuser"]


@pytest.fixture
def sign_in(site):
    """``sign_in("Éditeurs")``, or ``"superuser"``: a client of that role, with its ``user``."""

    def sign_in(role):
        client = Client()
        client.user = UserFactory(superuser=True) if role == "superuser" else UserFactory(groups=[role])
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def draft(home):
    """A complete draft that nobody saved yet."""
    return make_page(home, live=False, title="La ressourcerie")


def url(name: str, *args) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def post(client, page, **fields):
    page = ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return client.post(url("edit", page.pk), form_data(page, **fields))


def submit(client, page):
    ContentPage.objects.filter(pk=page.pk).update(owner=client.user)
    return post(client, page, action="submit")


def act(client, page, action: str, **data):
    state = WorkflowState.objects.get(object_id=str(page.pk)).current_task_state
    return client.post(url("workflow_action", page.pk, action, state.pk), data)


def is_live(page) -> bool:
    return ContentPage.objects.get(pk=page.pk).live


def texts(response) -> str:
    """The messages that the next screen shows."""
    return " ".join(str(message) for message in response.context["messages"])


# Four eyes


@pytest.mark.parametrize("role", APPROVERS)
def test_who_submits_a_version_does_not_approve_it(sign_in, draft, role):
    author = sign_in(role)
    if role == "Relecteurs":  # they submit nothing themselves
        author.user.groups.add(*UserFactory(groups=["Contributeurs"]).groups.all())
    submit(author, draft)
    act(author, draft, "approve")
    post(author, draft, action="approve")
    assert (is_live(draft), TaskState.objects.get().status) == (False, "in_progress")


@pytest.mark.parametrize("role", APPROVERS)
def test_another_person_approves_and_publishes(sign_in, draft, role):
    submit(sign_in("Contributeurs"), draft)
    approver = sign_in(role)
    act(approver, draft, "approve")
    assert is_live(draft)
    assert TaskState.objects.get().finished_by == approver.user


def test_reviewer_who_corrects_a_version_leaves_its_approval_to_another(sign_in, draft):
    submit(sign_in("Contributeurs"), draft)
    reviewer = sign_in("Relecteurs")
    post(reviewer, draft, summary="Un résumé corrigé.")
    act(reviewer, draft, "approve")
    assert not is_live(draft)
    act(sign_in("Éditeurs"), draft, "approve")
    page = ContentPage.objects.get(pk=draft.pk)
    assert (page.live, page.summary) == (True, "Un résumé corrigé.")


def test_correction_and_approval_in_one_go_are_saved_but_not_approved(sign_in, draft):
    submit(sign_in("Contributeurs"), draft)
    reviewer = sign_in("Relecteurs")
    response = post(reviewer, draft, action="approve", summary="Un résumé corrigé.")
    assert response.url == url("edit", draft.pk)
    assert OWN_VERSION in texts(reviewer.get(response.url))
    page = ContentPage.objects.get(pk=draft.pk)
    assert (page.live, page.get_latest_revision_as_object().summary) == (False, "Un résumé corrigé.")


def test_code_that_approves_its_own_version_is_refused(sign_in, draft):
    author = sign_in("superuser")
    submit(author, draft)
    state = TaskState.objects.get()
    with pytest.raises(PublicationRefused, match="une autre personne doit la relire"):
        state.task.specific.on_action(state, author.user, "approve")
    assert not is_live(draft)


def test_last_editor_may_still_ask_for_changes(sign_in, draft):
    submit(sign_in("Contributeurs"), draft)
    reviewer = sign_in("Relecteurs")
    post(reviewer, draft, summary="Un résumé corrigé.")
    act(reviewer, draft, "reject", comment="Il manque une source.")
    assert WorkflowState.objects.get().status == "needs_changes"


def test_dashboard_lists_what_one_may_approve(sign_in, draft):
    author, other = sign_in("Éditeurs"), sign_in("Éditeurs")
    submit(author, draft)
    approve = f"/workflow/action/{draft.pk}/approve/"
    shown = [approve in client.get("/admin/").content.decode() for client in (author, other)]
    assert shown == [False, True]
    assert list(TaskState.objects.reviewable_by(author.user)) == []
    assert TaskState.objects.reviewable_by(other.user).count() == 1


# The lock


@pytest.mark.parametrize("role", ["Contributeurs", "Éditeurs", "superuser"])
def test_author_is_locked_out_until_the_review_ends(sign_in, draft, role):
    author = sign_in(role)
    submit(author, draft)
    response = post(author, draft, summary="Changé pendant la relecture.")
    assert "La page n’a pas pu être enregistrée" in texts(response) or "verrouillée" in texts(response)
    saved = author.post(
        url("edit", draft.pk), form_data(draft, summary="Changé."), headers={"Accept": "application/json"}
    )
    assert saved.json()["error_code"] == "locked"
    post(author, draft, action="publish", summary="Publié pendant la relecture.")
    page = ContentPage.objects.get(pk=draft.pk)
    assert (page.live, page.get_latest_revision_as_object().summary) == (False, draft.summary)
    if role != "Contributeurs":
        assert LOCKED_FOR_AUTHOR in texts(author.get(url("edit", draft.pk)))


def test_author_who_cancels_the_review_edits_again(sign_in, draft):
    author = sign_in("Contributeurs")
    submit(author, draft)
    post(author, draft, action="cancel-workflow")
    post(author, draft, summary="Repris après annulation.")
    assert WorkflowState.objects.get().status == "cancelled"
    assert ContentPage.objects.get(pk=draft.pk).get_latest_revision_as_object().summary == "Repris après annulation."


def test_author_edits_again_when_changes_are_asked_for(sign_in, draft):
    author = sign_in("Contributeurs")
    submit(author, draft)
    act(sign_in("Relecteurs"), draft, "reject", comment="Précisez.")
    post(author, draft, action="submit", summary="Précisé.")
    assert WorkflowState.objects.get().status == "in_progress"
    act(sign_in("Relecteurs"), draft, "approve")
    assert (is_live(draft), ContentPage.objects.get(pk=draft.pk).summary) == (True, "Précisé.")


def test_bulk_publication_stops_at_a_page_that_one_submitted(sign_in, home, draft):
    editor = sign_in("Éditeurs")
    other = make_page(home, live=False, title="Une autre page")
    submit(editor, draft)
    address = reverse("wagtail_bulk_action", args=["base", "basepage", "publish"])
    editor.post(f"{address}?id={draft.pk}&id={other.pk}&next=/admin/")
    assert (is_live(draft), is_live(other)) == (False, False)
    assert "« La ressourcerie » est verrouillée ou en relecture" in texts(editor.get("/admin/"))


# The strict rules on every road


def test_approval_of_a_version_with_gaps_is_refused_and_says_why(sign_in, home):
    page = make_draft(home, title="Incomplète")
    author = sign_in("Contributeurs")
    ContentPage.objects.filter(pk=page.pk).update(owner=author.user)
    page.get_workflow().start(page, author.user)  # as an older release let it
    response = act(sign_in("Relecteurs"), page, "approve")
    assert (response.url, is_live(page)) == (url("edit", page.pk), False)


def test_submission_with_gaps_is_refused(sign_in, home):
    page = make_draft(home, title="Incomplète")
    submit(sign_in("Contributeurs"), page)
    assert WorkflowState.objects.count() == 0


def test_approved_version_is_published_at_the_time_it_gives(sign_in, draft, freeze):
    tomorrow = timezone.localtime() + timedelta(days=1)
    author = sign_in("Contributeurs")
    ContentPage.objects.filter(pk=draft.pk).update(owner=author.user)
    post(author, draft, action="submit", go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}")
    act(sign_in("Relecteurs"), draft, "approve")
    page = ContentPage.objects.get(pk=draft.pk)
    assert (page.live, page.status_string) == (False, "programmée")
    freeze(tomorrow + timedelta(minutes=5))
    call_command("publish_scheduled")
    assert is_live(draft)


def test_schedule_of_a_version_with_gaps_is_refused(sign_in, home):
    page = make_draft(home, title="Incomplète")
    tomorrow = timezone.localtime() + timedelta(days=1)
    response = post(sign_in("Éditeurs"), page, action="publish", go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}")
    assert "summary" in response.context["form"].errors
    assert ContentPage.objects.get(pk=page.pk).scheduled_revision is None


def test_page_expires_and_comes_back_only_complete(sign_in, home, freeze):
    page = make_page(home, title="Éphémère")
    editor = sign_in("Éditeurs")
    tomorrow = timezone.localtime() + timedelta(days=1)
    post(editor, page, action="publish", expire_at=f"{tomorrow:%Y-%m-%d %H:%M}")
    freeze(tomorrow + timedelta(minutes=5))
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert (page.live, page.expired, page.status_string) == (False, True, "expirée")
    editor.force_login(editor.user)  # the session ended meanwhile
    response = post(editor, page, action="publish", summary="", expire_at="")
    assert ("summary" in response.context["form"].errors, is_live(page)) == (True, False)
    post(editor, page, action="publish", expire_at="")
    assert is_live(page)


def test_editor_unpublishes_and_the_address_answers_no_more(sign_in, client, home):
    page = make_page(home, title="À retirer")
    assert client.get(page.url).status_code == 200
    sign_in("Éditeurs").post(url("unpublish", page.pk))
    assert client.get(page.url).status_code == 404


def test_old_version_with_gaps_is_restored_as_a_draft_never_live(sign_in, home):
    page = make_draft(home, title="Histoire")
    first = page.get_latest_revision()
    whole = make_page(home, live=False, title="Complète")
    for name in ("summary", "body", "review_date", "review_owner"):
        setattr(page, name, getattr(whole, name))
    page.themes = list(whole.themes.all())
    page.save_revision().publish()
    editor = sign_in("Éditeurs")
    revert = url("revisions_revert", page.pk, first.pk)
    assert editor.get(revert).status_code == 200
    old = form_data(first.as_object())
    editor.post(revert, old | {"action-publish": "1"})
    assert ContentPage.objects.get(pk=page.pk).summary == whole.summary
    editor.post(revert, old)
    page = ContentPage.objects.get(pk=page.pk)
    assert (page.live, page.summary, page.get_latest_revision_as_object().summary) == (True, whole.summary, "")


def test_history_and_comparison_tell_who_did_what(sign_in, draft):
    author, reviewer = sign_in("Contributeurs"), sign_in("Relecteurs")
    submit(author, draft)
    first = ContentPage.objects.get(pk=draft.pk).latest_revision
    post(reviewer, draft, summary="Un résumé corrigé.")
    second = ContentPage.objects.get(pk=draft.pk).latest_revision
    history = reviewer.get(url("history", draft.pk)).content.decode()
    assert [escape(person.user.get_full_name()) in history for person in (author, reviewer)] == [True, True]
    compared = reviewer.get(url("revisions_compare", draft.pk, first.pk, second.pk)).content.decode()
    assert "corrigé" in compared


def test_page_locked_by_an_editor_is_left_alone_by_others(sign_in, home):
    page = make_page(home, title="Verrouillée")
    editor, other = sign_in("Éditeurs"), sign_in("Éditeurs")
    editor.post(url("lock", page.pk))
    post(other, page, action="publish", summary="Changé malgré le verrou.")
    assert ContentPage.objects.get(pk=page.pk).summary == page.summary
    post(editor, page, action="publish", summary="Changé par qui a verrouillé.")
    assert ContentPage.objects.get(pk=page.pk).summary == "Changé par qui a verrouillé."
