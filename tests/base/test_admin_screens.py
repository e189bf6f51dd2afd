"""Wagtail's screens with the custom base page and accounts known by their e-mail."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from territoires_en_commun.base.models import CustomDocument, CustomImage
from territoires_en_commun.users.models import User
from tests.factories import PASSWORD, UserFactory
from tests.pages.build import make_draft, make_page, make_section
from tests.pages.models import ContentPage

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_page_screens_answer(admin_client):
    section = make_section()
    page = make_page(section)
    page.title = "Titre revu"
    page.summary = "Résumé revu."
    revision = page.save_revision()
    first = page.revisions.earliest("created_at")
    draft = make_draft(section)
    names = [
        ("wagtailadmin_home", []),
        ("wagtailadmin_explore_root", []),
        ("wagtailadmin_explore", [section.pk]),
        ("wagtailadmin_pages:add_subpage", [section.pk]),
        ("wagtailadmin_pages:add", ["test_pages", "contentpage", section.pk]),
        ("wagtailadmin_pages:edit", [page.pk]),
        ("wagtailadmin_pages:edit", [draft.pk]),
        ("wagtailadmin_pages:view_draft", [draft.pk]),
        ("wagtailadmin_pages:history", [page.pk]),
        ("wagtailadmin_pages:usage", [page.pk]),
        ("wagtailadmin_pages:copy", [page.pk]),
        ("wagtailadmin_pages:move", [page.pk]),
        ("wagtailadmin_pages:delete", [page.pk]),
        ("wagtailadmin_pages:unpublish", [page.pk]),
        ("wagtailadmin_pages:revisions_compare", [page.pk, first.pk, revision.pk]),
        ("wagtailadmin_pages:revisions_revert", [page.pk, first.pk]),
        ("wagtailadmin_pages:revisions_view", [page.pk, first.pk]),
        ("wagtailadmin_pages:search", []),
        ("wagtailadmin_choose_page", []),
        ("wagtailadmin_reports:site_history", []),
        ("wagtailadmin_reports:aging_pages", []),
        ("wagtailadmin_reports:locked_pages", []),
        ("wagtailadmin_reports:workflow", []),
        ("wagtailadmin_reports:page_types_usage", []),
        ("wagtailadmin_workflows:index", []),
        ("wagtailredirects:index", []),
        ("wagtailsites:index", []),
        ("wagtailusers_users:index", []),
        ("wagtailusers_groups:add", []),
        ("wagtailimages:index", []),
        ("wagtailimages:add", []),
        ("wagtaildocs:index", []),
        ("wagtaildocs:add", []),
        ("wagtailadmin_account", []),
    ]

    for name, args in names:
        assert admin_client.get(reverse(name, args=args)).status_code == 200, name


def test_compare_shows_the_difference_in_french(admin_client):
    page = make_page(summary="Ancien résumé.")
    first = page.get_latest_revision()
    page.summary = "Nouveau résumé."
    second = page.save_revision()

    html = admin_client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    ).content.decode()

    assert "Ancien" in html
    assert "Nouveau" in html


def test_preview_of_a_draft_that_lacks_everything_answers(admin_client):
    page = make_draft(title="Aperçu du brouillon")
    data = {"title": page.title, "slug": page.slug, "body": "null", "licence": "etalab-2.0"}
    data |= {f"comments-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    assert "Aperçu du brouillon" in admin_client.get(preview).content.decode()


def test_explorer_costs_the_same_with_one_page_and_three(admin_client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    section = make_section()
    make_page(section, title="Une")
    explorer = reverse("wagtailadmin_explore", args=[section.pk])
    admin_client.get(explorer)
    with CaptureQueriesContext(connection) as one:
        admin_client.get(explorer)
    make_page(section, title="Deux")
    make_page(section, title="Trois")

    with django_assert_num_queries(len(one)):
        admin_client.get(explorer)


def test_image_and_document_are_uploaded(admin_client):
    collection = Collection.get_first_root_node().pk
    image = SimpleUploadedFile("hall.png", get_test_image_file().file.getvalue(), content_type="image/png")
    document = SimpleUploadedFile("note.txt", b"Une note.", content_type="text/plain")

    admin_client.post(
        reverse("wagtailimages:add"), {"title": "Hall", "file": image, "collection": collection, "credit": "Mairie"}
    )
    admin_client.post(
        reverse("wagtaildocs:add"), {"title": "Note", "file": document, "collection": collection, "language": "fr"}
    )

    assert CustomImage.objects.get().credit == "Mairie"
    assert CustomDocument.objects.get().title == "Note"


def test_account_is_created_edited_and_listed_by_its_email(admin_client):
    group = Group.objects.get(name="Contributeurs")
    data = {
        "email": "Nouvelle.Personne@Collectivite.exemple.fr",
        "first_name": "Nouvelle",
        "last_name": "Personne",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "groups": [group.pk],
    }

    created = admin_client.post(reverse("wagtailusers_users:add"), data)
    account = User.objects.get(first_name="Nouvelle")
    edited = admin_client.post(
        reverse("wagtailusers_users:edit", args=[account.pk]),
        data | {"last_name": "Personne-Exemple", "password1": "", "password2": "", "is_active": "on"},
    )

    account.refresh_from_db()
    assert (created.status_code, edited.status_code) == (302, 302)
    assert account.email == "nouvelle.personne@collectivite.exemple.fr"
    assert account.last_name == "Personne-Exemple"
    assert list(account.groups.all()) == [group]
    assert account.email in admin_client.get(reverse("wagtailusers_users:index")).content.decode()


@pytest.mark.parametrize("email", ["AGENT@exemple.fr", "agent@exemple.fr"])
def test_account_with_a_known_email_is_refused(admin_client, email):
    UserFactory(email="agent@exemple.fr")
    data = {"email": email, "first_name": "A", "last_name": "B", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(reverse("wagtailusers_users:add"), data)

    assert response.status_code == 200
    assert "email" in response.context["form"].errors or response.context["form"].non_field_errors()
    assert User.objects.filter(email__iexact="agent@exemple.fr").count() == 1


def test_sign_in_page_is_in_french_and_by_email(client):
    UserFactory(email="agent@exemple.fr", superuser=True)
    login = reverse("wagtailadmin_login")

    html = client.get(login).content.decode()
    refused = client.post(login, {"username": "agent@exemple.fr", "password": "faux"})
    accepted = client.post(login, {"username": " Agent@Exemple.fr ", "password": PASSWORD})

    assert 'lang="fr"' in html
    assert "Adresse e-mail" in html
    assert "Espace de rédaction de Territoires en commun" in html
    assert ">Mot de passe" in html
    assert ">Password" not in html
    assert "- Territoires en commun</title>" in html
    assert refused.status_code == 200
    assert accepted.status_code == 302
    assert client.session["_auth_user_id"]


def test_unpublished_page_is_not_served(admin_client, client):
    page = make_page()
    address = page.url

    assert client.get(address).status_code == 200
    admin_client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert client.get(address).status_code == 404
    assert not ContentPage.objects.get(pk=page.pk).live
