"""A page with gaps never becomes live, whatever the road."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.actions.edit_page import EditPageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import PageLogEntry, Revision, Task, Workflow, WorkflowTask

from territoires_en_commun.base import publication
from territoires_en_commun.base.models import BasePage, CustomImage
from territoires_en_commun.base.publication import Gap, PublicationRefused, publication_gaps
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import ThemeFactory, UserFactory
from tests.pages.build import complete, make_draft, make_page, make_section
from tests.pages.models import ContentPage, SectionPage

pytestmark = pytest.mark.django_db

ALL_GAPS = [
    Gap("summary", publication.MISSING_SUMMARY),
    Gap("themes", publication.MISSING_THEMES),
    Gap("review_date", publication.MISSING_REVIEW_DATE),
    Gap("review_owner", publication.MISSING_REVIEW_OWNER),
    Gap("body", "Ce champ ne peut pas être vide."),
]


def is_live(page) -> bool:
    return BasePage.objects.get(pk=page.pk).live


def today():
    return timezone.localdate()


def test_publication_gaps_lists_everything_that_a_draft_lacks():
    assert publication_gaps(make_draft()) == ALL_GAPS


def test_publication_gaps_is_empty_for_a_complete_page():
    assert publication_gaps(make_page(live=False)) == []


def test_publication_gaps_exempts_types_that_are_not_content():
    section = make_section()

    assert publication_gaps(section) == []
    assert section.live


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"summary": "   "}, Gap("summary", publication.MISSING_SUMMARY)),
        ({"review_date": None}, Gap("review_date", publication.MISSING_REVIEW_DATE)),
        ({"image_alt": "Une ressourcerie"}, Gap("image_alt", publication.ALT_WITHOUT_IMAGE)),
        ({"themes": []}, Gap("themes", publication.MISSING_THEMES)),
    ],
)
def test_publication_gaps_names_the_field(fields, gap):
    assert publication_gaps(make_page(live=False, **fields)) == [gap]


def test_publication_gaps_refuses_a_sixth_theme():
    page = make_page(live=False, themes=ThemeFactory.create_batch(6))

    assert publication_gaps(page) == [Gap("themes", publication.TOO_MANY_THEMES)]


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False)])
def test_publication_gaps_refuses_a_past_review_date(days, refused):
    page = make_page(live=False, review_date=today() + timedelta(days=days))

    assert publication_gaps(page) == ([Gap("review_date", publication.PAST_REVIEW_DATE)] if refused else [])


def test_publication_gaps_refuses_a_closed_account_as_reviewer():
    page = make_page(live=False, review_owner=UserFactory(is_active=False))

    assert publication_gaps(page) == [Gap("review_owner", publication.INACTIVE_REVIEW_OWNER)]


@pytest.mark.parametrize(
    ("alt", "decorative", "message"),
    [
        ("", False, publication.MISSING_IMAGE_ALT),
        ("  ", False, publication.MISSING_IMAGE_ALT),
        ("Le hall d’accueil", True, publication.DECORATIVE_WITH_ALT),
        ("Le hall d’accueil", False, None),
        ("", True, None),
    ],
)
def test_publication_gaps_wants_an_image_described_or_decorative(alt, decorative, message):
    image = CustomImage.objects.create(title="Hall", file="hall.jpg", width=10, height=10)
    page = make_page(live=False, image=image, image_alt=alt, image_decorative=decorative)

    assert publication_gaps(page) == ([Gap("image_alt", message)] if message else [])


def test_page_is_refused_when_a_revision_with_gaps_is_published():
    draft = make_draft()

    with pytest.raises(PublicationRefused) as refusal:
        draft.get_latest_revision().publish()

    assert refusal.value.gaps == ALL_GAPS
    assert not is_live(draft)


def test_page_is_refused_when_the_action_is_called_directly():
    draft = make_draft()

    with pytest.raises(PublicationRefused):
        PublishPageRevisionAction(draft.get_latest_revision()).execute()

    assert not is_live(draft)


def test_page_is_refused_when_created_live():
    section = make_section()

    with pytest.raises(PublicationRefused):
        section.add_child(instance=ContentPage(title="Direct"))

    assert not ContentPage.objects.exists()


def test_page_is_refused_when_saved_live_without_validation():
    draft = make_draft()
    draft.live = True

    with pytest.raises(PublicationRefused):
        draft.save(clean=False)

    assert not is_live(draft)


def test_page_is_refused_through_the_edit_action_of_the_api():
    draft = make_draft()
    draft.body = "<p>Corps.</p>"

    with pytest.raises(PublicationRefused):
        EditPageAction(draft, user=UserFactory(superuser=True), publish=True).execute()

    assert not is_live(draft)


def test_live_page_keeps_its_version_when_the_next_one_has_gaps():
    page = make_page(title="Ancien titre")
    page.title = "Nouveau titre"
    page.themes = []
    revision = page.save_revision(clean=False)

    with pytest.raises(PublicationRefused):
        revision.publish()
    with pytest.raises(PublicationRefused):
        PublishPageRevisionAction(revision).execute()

    live = ContentPage.objects.get(pk=page.pk)
    assert (live.title, live.themes.count()) == ("Ancien titre", 1)


def test_live_page_can_be_saved_by_code_when_its_reviewer_left():
    page = make_page()
    page.review_owner.delete()
    page = ContentPage.objects.get(pk=page.pk)
    page.slug = "nouvelle-adresse"

    page.save()

    assert ContentPage.objects.get(pk=page.pk).slug == "nouvelle-adresse"
    assert [gap.field for gap in publication_gaps(page)] == ["review_owner"]


def test_live_page_can_move_when_its_reviewer_left():
    page = make_page()
    other = make_section("Autre rubrique")
    page.review_owner.delete()

    ContentPage.objects.get(pk=page.pk).move(other, pos="last-child")

    assert ContentPage.objects.get(pk=page.pk).get_parent().pk == other.pk


def test_live_page_can_be_corrected_after_its_review_date(freeze):
    page = make_page(review_date=today() + timedelta(days=10))
    freeze(timezone.now() + timedelta(days=30))
    page.title = "Titre corrigé"

    page.save_revision().publish()

    assert ContentPage.objects.get(pk=page.pk).title == "Titre corrigé"


def test_live_page_cannot_take_another_past_review_date():
    page = make_page()
    page.review_date = today() - timedelta(days=1)
    revision = page.save_revision()

    with pytest.raises(PublicationRefused) as refusal:
        revision.publish()

    assert refusal.value.gaps == [Gap("review_date", publication.PAST_REVIEW_DATE)]


def test_unpublished_page_needs_a_review_date_to_come_to_return(freeze):
    page = make_page(review_date=today() + timedelta(days=10))
    page.unpublish()
    freeze(timezone.now() + timedelta(days=30))
    page = ContentPage.objects.get(pk=page.pk)

    with pytest.raises(PublicationRefused):
        page.save_revision().publish()


def test_schedule_is_refused_for_an_incomplete_page():
    draft = make_draft()
    draft.go_live_at = timezone.now() + timedelta(days=2)
    revision = draft.save_revision(clean=False)

    with pytest.raises(PublicationRefused):
        revision.publish()
    with pytest.raises(PublicationRefused):
        PublishPageRevisionAction(revision).execute()
    with pytest.raises(PublicationRefused):
        draft.save_revision(clean=False, approved_go_live_at=draft.go_live_at)

    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_schedule_is_refused_when_the_review_comes_before_going_live():
    page = make_page(live=False, review_date=today() + timedelta(days=5))
    page.go_live_at = timezone.now() + timedelta(days=6)

    with pytest.raises(PublicationRefused) as refusal:
        page.save_revision().publish()

    assert refusal.value.gaps == [Gap("review_date", publication.REVIEW_BEFORE_GO_LIVE)]


def test_scheduled_page_is_published_at_its_time_even_late(freeze):
    page = make_page(live=False, review_date=today() + timedelta(days=4))
    page.go_live_at = timezone.now() + timedelta(days=2)
    page.save_revision().publish()
    assert not is_live(page)
    freeze(timezone.now() + timedelta(days=6))

    call_command("publish_scheduled")

    assert is_live(page)


def test_scheduled_page_that_became_incomplete_is_cancelled_and_does_not_stop_the_others(freeze):
    section = make_section()
    author = UserFactory()
    pages = []
    for index in (1, 2):
        page = make_page(section, live=False, title=f"Page {index}")
        page.go_live_at = timezone.now() + timedelta(days=1, minutes=index)
        page.save_revision(user=author).publish()
        pages.append(page)
    pages[0].review_owner.is_active = False
    pages[0].review_owner.save()
    freeze(timezone.now() + timedelta(days=2))

    call_command("publish_scheduled")

    assert [is_live(page) for page in pages] == [False, True]
    assert not pages[0].revisions.filter(approved_go_live_at__isnull=False).exists()
    entry = PageLogEntry.objects.get(action="pages.schedule_refused")
    assert entry.data == {"gaps": [publication.INACTIVE_REVIEW_OWNER]}
    notice = OutgoingMail.objects.get()
    assert notice.recipient == author.email
    assert notice.subject == "Publication programmée annulée : Page 1"
    assert publication.INACTIVE_REVIEW_OWNER in notice.text
    assert mail.outbox == []


def test_workflow_refuses_to_publish_what_became_incomplete():
    page = make_page(live=False)
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Relire"), sort_order=0)
    state = workflow.start(page, UserFactory())
    page.review_owner.is_active = False
    page.review_owner.save()

    with pytest.raises(PublicationRefused):
        state.current_task_state.approve(user=UserFactory(superuser=True))

    state.refresh_from_db()
    assert not is_live(page)
    assert state.status == state.STATUS_IN_PROGRESS


def test_copy_has_its_own_identity_and_keeps_its_themes():
    page = make_page(external_ref="source:1")

    copy = page.copy(update_attrs={"title": "Copie", "slug": "copie"})

    copy = ContentPage.objects.get(pk=copy.pk)
    assert copy.uuid != page.uuid
    assert copy.external_ref == ""
    assert set(copy.themes.all()) == set(page.themes.all())
    assert copy.live
    latest = copy.get_latest_revision_as_object()
    assert (latest.uuid, latest.external_ref) == (copy.uuid, "")


def test_copy_is_refused_live_when_the_page_came_to_lack_something():
    page = make_page()
    page.review_owner.delete()
    page = ContentPage.objects.get(pk=page.pk)

    with pytest.raises(PublicationRefused):
        page.copy(update_attrs={"title": "Copie", "slug": "copie"})
    copy = page.copy(update_attrs={"title": "Copie", "slug": "copie"}, keep_live=False)

    assert not is_live(copy)


def test_alias_follows_its_page_and_has_its_own_identity():
    page = make_page(external_ref="source:1")
    alias = page.create_alias(parent=make_section("Autre"))
    page.title = "Titre revu"

    page.save_revision().publish()

    alias = ContentPage.objects.get(pk=alias.pk)
    assert (alias.title, alias.live, alias.external_ref) == ("Titre revu", True, "")
    assert alias.uuid != page.uuid


def test_restored_version_never_changes_the_identity_of_a_page():
    page = make_page(external_ref="source:1")
    revision = page.get_latest_revision()
    ContentPage.objects.filter(pk=page.pk).update(external_ref="source:2")

    restored = Revision.objects.get(pk=revision.pk).as_object()

    assert restored.external_ref == "source:2"


def test_refusal_is_a_validation_error_by_field():
    with pytest.raises(ValidationError) as refusal:
        make_draft().get_latest_revision().publish()

    assert set(refusal.value.message_dict) == {"summary", "themes", "review_date", "review_owner", "body"}


def test_unsaved_page_has_no_live_review_date():
    assert complete().live_review_date is None


def test_section_page_is_published_without_governance_fields():
    root = make_section()

    child = root.add_child(instance=SectionPage(title="Sous-rubrique"))

    assert child.live
