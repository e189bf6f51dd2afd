"""The contributor of a partner: writes and submits in one's own section; identifiers typed by hand give nothing."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import WorkflowState
from wagtail.permissions import policy_registry
from wagtail.test.utils.form_data import nested_form_data

from blog.models import ArticlePage
from blog.services import close_partner_space
from territoires_en_commun.base.html_blocks import new_block
from territoires_en_commun.base.models import CustomImage
from territoires_en_commun.base.scope import hidden_references, visible_media
from tests.blog import rivals as scene
from tests.blog.build import make_article
from tests.factories import DocumentFactory, ImageFactory, PartnerFactory, UserFactory
from tests.filled_site import fill_once

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture
def rivals(home):
    return fill_once(scene.make_rivals, home)


@pytest.fixture
def contributor(rivals):
    client = Client()
    client.force_login(rivals.user)
    return client


@pytest.fixture
def section(rivals):
    return rivals.own_page.get_parent().specific


def article_data(**fields) -> dict:
    """What the editor posts for an article."""
    data = {
        "title": "La halle a rouvert",
        "slug": "la-halle",
        "kind": "actualite",
        "summary": "Onze étals.",
        "licence": "etalab-2.0",
        "body-count": 0,
        "questions-count": 0,
        **{
            name: {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
            for name in ("comments", "links", "signatures", "interviewees", "pictures")
        },
        **fields,
    }
    return nested_form_data(data)


def create(client, section, **fields):
    url = reverse("wagtailadmin_pages:add", args=["blog", "articlepage", section.pk])
    return client.post(url, article_data(**fields))


def written() -> ArticlePage | None:
    return ArticlePage.objects.filter(slug="la-halle").first()


def test_contributor_writes_for_the_partner_of_the_section_alone(contributor, section, rivals):
    create(contributor, section, partner=rivals.space.partner_id, **{"action-publish": "1"})
    article = written()
    assert (article.partner, article.owner, article.live) == (section.partner, rivals.user, False)
    assert article.get_parent().pk == section.pk


@pytest.mark.parametrize("where", ["blog", "rival", "home"])
def test_contributor_writes_nowhere_else(contributor, section, rivals, home, where):
    parent = {"blog": section.get_parent(), "rival": rivals.space.section, "home": home}[where]
    assert create(contributor, parent).status_code == 302
    assert written() is None


def test_contributor_submits_then_waits(contributor, section, rivals):
    article = make_article("actualite", live=False, parent=section, owner=rivals.user, review_owner=rivals.user)
    article.get_workflow().start(article, rivals.user)
    html = contributor.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "une autre personne doit l’approuver" in html
    assert WorkflowState.objects.for_instance(article).get().requested_by == rivals.user


def test_contributor_reads_the_draft_of_a_colleague_in_the_list_only(contributor, section, rivals):
    draft = make_article("actualite", live=False, parent=section, owner=rivals.rival, title="Brouillon de collègue")
    listed = contributor.get(reverse("wagtailadmin_explore", args=[section.pk])).content.decode()
    assert "Brouillon de collègue" in listed
    assert contributor.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).status_code == 302


def test_member_of_a_closed_space_is_out_at_once(contributor, section, rivals):
    assert contributor.get("/admin/").status_code == 200
    close_partner_space(space=section.space)
    assert contributor.get("/admin/").status_code == 302
    create(contributor, section)
    assert written() is None


# Identifiers typed by hand


def hidden(rivals) -> dict[str, dict]:
    """Ways to make an article show what is the rival's."""
    row = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    picture = {"image": rivals.image.pk, "alt": "Des étals.", "caption": "Un samedi", "ORDER": 1}
    return {
        "image": {"image": rivals.image.pk},
        "picture": {"pictures": {**row, "0": picture}},
        "link": {"links": {**row, "0": {"kind": "lie", "target": rivals.draft.pk, "ORDER": 1}}},
    }


@pytest.mark.parametrize("way", ["image", "picture", "link"])
def test_article_never_shows_what_is_not_one_s_own(contributor, section, rivals, way):
    response = create(contributor, section, **hidden(rivals)[way])
    assert (response.status_code, response.url) == (302, "/admin/")
    assert scene.CANARY not in contributor.get("/admin/").content.decode()
    assert written() is None


def test_blocks_are_judged_too(rivals, section):
    article = ArticlePage(title="Un article", partner=section.partner)
    text = f'<p><a linktype="page" id="{rivals.draft.pk}">Là</a></p>'
    for block in (
        new_block("text", text),
        new_block("document", {"document": rivals.document.pk}),
        new_block("image", {"image": {"image": rivals.image.pk, "alt_text": "", "decorative": True}}),
    ):
        article.body = [block]
        assert hidden_references(article, rivals.user), block
    article.body = [new_block("text", f'<p><a linktype="page" id="{section.pk}">Là</a></p>')]
    assert not hidden_references(article, rivals.user)


def test_what_an_editor_put_in_an_article_stays(contributor, section, rivals):
    shared = ImageFactory(title="Image de la médiathèque")
    article = make_article(
        "actualite", live=False, parent=section, owner=rivals.user, review_owner=rivals.user, image=shared
    )
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    data = article_data(title="Un autre titre", slug=article.slug, image=shared.pk, image_alt="Des étals.")
    assert contributor.post(url, data).status_code == 302
    latest = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert (latest.title, latest.image) == ("Un autre titre", shared)


def test_files_are_uploaded_in_the_collection_of_the_space_only(contributor, section, rivals):
    for collection in (rivals.space.collection_id, section.space.collection_id):
        file = SimpleUploadedFile("halle.png", get_test_image_file().file.getvalue(), content_type="image/png")
        contributor.post(reverse("wagtailimages:add"), {"title": "La halle", "file": file, "collection": collection})
    images = CustomImage.objects.filter(title="La halle")
    assert {image.collection for image in images} == {section.space.collection}


def test_person_in_charge_of_the_review_is_chosen_among_colleagues(contributor, section, rivals):
    response = contributor.get(reverse("wagtailadmin_pages:add", args=["blog", "articlepage", section.pk]))
    form = response.context["form"]
    assert list(form.fields["review_owner"].queryset) == [rivals.user]
    assert list(form.fields["partner"].queryset) == [section.partner]


def test_own_page_goes_to_no_other_section(contributor, rivals):
    page, target = rivals.own_page, rivals.space.section
    move = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk])
    copy = reverse("wagtailadmin_pages:copy", args=[page.pk])
    contributor.post(move)
    contributor.post(copy, {"new_title": "Copie", "new_slug": "copie", "new_parent_page": target.pk})
    assert {child.pk for child in target.get_children()} == {rivals.draft.pk, rivals.reworked.pk}
    page.refresh_from_db()
    assert page.get_parent().pk != target.pk


# The files of one's own, once visitors see them


@pytest.fixture
def own_files(section, rivals):
    """A picture and a document that the contributor uploaded in the collection of the space."""
    ownership = {"collection": section.space.collection, "uploaded_by_user": rivals.user}
    return ImageFactory(**ownership), DocumentFactory(file=ContentFile(b"Un texte", "note.txt"), **ownership)


def write_with(files, parent, **fields) -> ArticlePage:
    """An article that shows these files."""
    image, document = files
    blocks = [new_block("text", "<p>Le récit.</p>"), new_block("document", {"document": document.pk})]
    return make_article(
        "actualite", parent=parent, image=image, image_alt="Des étals." if image else "", body=blocks, **fields
    )


def show_as_version(files, section, rivals):
    """A published article shows a document whose accessible version is the contributor's, and the picture."""
    image, document = files
    original = DocumentFactory(accessible_version=document, collection=rivals.space.collection)
    write_with((image, original), section)


def show_in_settings(files, section, rivals):
    """No page shows them, but the site or a governed list does."""
    image, document = files
    PartnerFactory(logo=image, logo_alt="Les ponts")
    write_with((None, document), section)


def schedule(files, section, rivals):
    """An editor approved an article, which waits for its date."""
    article = write_with(files, section, live=False, go_live_at=timezone.now() + timedelta(days=2))
    article.image, article.body = None, []
    article.save()  # the row is older than the version that is to go live
    article.latest_revision.publish()


def submit(files, section, rivals):
    """An article is read by a reviewer, who must not approve other files than those they saw."""
    article = write_with(files, section, live=False, owner=rivals.user)
    article.get_workflow().start(article, rivals.user)


SHOWN = {
    "own article": lambda files, section, rivals: write_with(files, section, owner=rivals.user),
    "article of another partner": lambda files, section, rivals: write_with(files, rivals.space.section),
    "accessible version": show_as_version,
    "logo": show_in_settings,
    "scheduled article": schedule,
    "article under review": submit,
}


def alter(client, files, *, verb=None) -> list[str]:
    """Try every address that changes or deletes files, with what each asks; return those that did it."""
    image, document = files
    collection = image.collection_id
    done = []
    for name, kind, file in (("wagtailimages", "image", image), ("wagtaildocs", "document", document)):
        fields = {"title": "Remplacé", "language": "fr", "collection": collection, "tags": ""}
        upload = get_test_image_file().file.getvalue() if kind == "image" else b"Autre texte"
        prefixed = {f"{'doc' if kind == 'document' else kind}-{file.pk}-{key}": value for key, value in fields.items()}
        bulk = {
            action: reverse("wagtail_bulk_action", args=["base", file._meta.model_name, action]) + f"?id={file.pk}"
            for action in ("add_tags", "add_to_collection", "delete")
        }
        requests = {
            "edit": (reverse(f"{name}:edit", args=[file.pk]), lambda f=fields, u=upload: f | {"file": new_file(u)}),
            "edit_multiple": (reverse(f"{name}:edit_multiple", args=[file.pk]), lambda p=prefixed: p),
            "tags": (bulk["add_tags"], lambda: {"tags": "remplace"}),
            "collection": (bulk["add_to_collection"], lambda: {"collection": collection}),
            "bulk_delete": (bulk["delete"], dict),
            "delete": (reverse(f"{name}:delete", args=[file.pk]), dict),
            "delete_multiple": (reverse(f"{name}:delete_multiple", args=[file.pk]), dict),
        }
        for way, (url, data) in requests.items():
            if verb in (None, way):
                before = state_of(file)
                client.post(url, data(), headers={"x-requested-with": "XMLHttpRequest"})
                done += [f"{kind} {way}"] if state_of(file) != before else []
    return done


def new_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("autre.png" if content.startswith(b"\x89") else "autre.txt", content)


def state_of(file) -> tuple | None:
    """What an image or a document is: its row, its words, its content; nothing once it is deleted."""
    row = type(file).objects.filter(pk=file.pk).first()
    if row is None:
        return None
    with row.file.open() as opened:
        content = opened.read()
    return type(file).objects.filter(pk=file.pk).values().get(), sorted(row.tags.names()), content


@pytest.mark.parametrize("use", SHOWN)
def test_file_that_visitors_see_is_not_changed_by_its_owner(contributor, own_files, section, rivals, use):
    SHOWN[use](own_files, section, rivals)
    assert alter(contributor, own_files) == []
    for name in ("wagtailimages", "wagtaildocs"):
        assert contributor.get(reverse(f"{name}:index")).context["object_list"].count() == 0
    assert [len(visible_media(rivals.user, type(file)).filter(pk=file.pk)) for file in own_files] == [1, 1]


@pytest.mark.parametrize("verb", ["edit", "edit_multiple", "tags", "bulk_delete", "delete", "delete_multiple"])
def test_file_of_a_draft_is_still_its_owner_s(contributor, own_files, section, rivals, verb):
    write_with(own_files, section, live=False, owner=rivals.user)
    assert alter(contributor, own_files, verb=verb) == [f"image {verb}", f"document {verb}"]


def test_file_taken_from_the_page_is_its_owner_s_again(contributor, own_files, section, rivals):
    write_with(own_files, section).unpublish()
    assert alter(contributor, own_files, verb="edit") == ["image edit", "document edit"]


def test_editor_changes_a_file_that_visitors_see(own_files, section, rivals):
    write_with(own_files, section)
    client = Client()
    client.force_login(UserFactory(groups=["Éditeurs"]))
    assert alter(client, own_files, verb="edit") == ["image edit", "document edit"]
    policy = policy_registry.get_by_type(CustomImage)
    assert rivals.user not in policy.users_with_any_permission_for_instance(["change"], own_files[0])
    assert rivals.user in policy.users_with_any_permission_for_instance(["choose"], own_files[0])
