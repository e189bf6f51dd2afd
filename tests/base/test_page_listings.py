"""Lists of contents in the editing space: columns, filters, exports, rights, cost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.admin.viewsets import viewsets

from territoires_en_commun.base.drafts import incomplete_drafts
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.page_listings import PageListing
from tests.factories import ImageFactory, StandardPageFactory, ThemeFactory, UserFactory
from tests.pages.build import make_draft, make_page, make_section
from tests.test_consistency import factory_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
ALL = "contenus:index"


def listings() -> list[PageListing]:
    reverse(ALL)  # the routes register them
    return [viewset for viewset in viewsets.viewsets if isinstance(viewset, PageListing)]


def titles(client, query="", name=ALL) -> set[str]:
    return {page.title for page in client.get(f"{reverse(name)}?{query}").context["object_list"]}


def exported(response) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_each_list_is_registered_in_the_menu(admin_client, home):
    names = {listing.name for listing in listings()}

    assert {"contenus", "acteurs", "pages-de-texte"} <= names
    menu = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert {name: menu.count(f'"url": "{reverse(f"{name}:index")}"') for name in names} == dict.fromkeys(names, 1)


@pytest.mark.parametrize("listing", listings(), ids=lambda listing: listing.name)
def test_list_answers_and_costs_the_same_for_one_page_and_three(admin_client, home, listing):
    make = factory_of(listing.model if listing.model is not BasePage else type(StandardPageFactory.build()))
    url = reverse(listing.get_url_name("index"))
    make(parent=home)
    admin_client.get(url)
    with CaptureQueriesContext(connection) as one:
        assert admin_client.get(url).status_code == 200
    make(parent=home)
    make(parent=home)

    with CaptureQueriesContext(connection) as three:
        page = admin_client.get(url)
    assert len(three) == len(one) <= 31  # one per page type in the list of all, two of which are of the agenda
    assert page.context["paginator"].per_page == 50


@pytest.mark.parametrize("listing", listings(), ids=lambda listing: listing.name)
def test_list_is_exported(admin_client, home, listing):
    make = factory_of(listing.model if listing.model is not BasePage else type(StandardPageFactory.build()))
    page = make(parent=home, title="=1+1", live=True)
    url = reverse(listing.get_url_name("index"))

    lines = exported(admin_client.get(f"{url}?export=csv&q="))
    book = load_workbook(BytesIO(b"".join(admin_client.get(f"{url}?export=xlsx").streaming_content)))

    headings = list(listing.export_headings.values())
    assert lines[0].split(";") == headings
    assert [line for line in lines if line.startswith("'=1+1;")]
    rows = list(book.active.iter_rows(values_only=True))
    assert list(rows[0]) == headings
    row = next(row for row in rows if row[0] == "=1+1")
    assert row[headings.index("Adresse")] == page.full_url
    assert row[headings.index("En ligne")] == "oui"


@pytest.fixture
def pages():
    """One page in each state."""
    section = make_section()
    published = make_page(section, title="Publiée", slug="publiee")
    changed = make_page(section, title="Modifiée", slug="modifiee")
    changed.title = "Modifiée"
    changed.save_revision()
    make_page(section, title="Prête", slug="prete", live=False)
    make_draft(section, title="Vide")
    return published


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("etat=en-ligne", {"Publiée", "Modifiée"}),
        ("etat=modifie", {"Modifiée"}),
        ("etat=brouillon", {"Prête", "Vide"}),
        ("etat=incomplet", {"Vide"}),
        ("etat=inconnu", {"Publiée", "Modifiée", "Prête", "Vide"}),
        ("responsable=abc&thematique=-1&revue=jamais", {"Publiée", "Modifiée", "Prête", "Vide"}),
    ],
)
def test_list_is_filtered_by_state(admin_client, pages, query, found):
    assert titles(admin_client, query) & {"Publiée", "Modifiée", "Prête", "Vide"} == found


def test_list_is_filtered_by_theme_owner_and_review(admin_client, superuser):
    theme, section, today = ThemeFactory(), make_section(), timezone.localdate()
    make_page(section, title="À moi", slug="a", themes=[theme], review_owner=superuser)
    late = make_page(section, title="En retard", slug="b")
    BasePage.objects.filter(pk=late.pk).update(review_date=today)
    make_page(section, title="Bientôt", slug="c", review_date=today + timedelta(days=30))

    assert titles(admin_client, f"thematique={theme.pk}") == {"À moi"}
    assert titles(admin_client, f"responsable={superuser.pk}") == {"À moi"}
    assert titles(admin_client, "revue=passee") == {"En retard"}
    assert titles(admin_client, "revue=bientot") == {"Bientôt"}


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({}, False),
        ({"summary": ""}, True),
        ({"themes": []}, True),
        ({"review_date": None}, True),
        ({"review_owner": None}, True),
        ({"image": True}, True),
        ({"image": True, "image_alt": "Le hall."}, False),
        ({"image": True, "image_decorative": True}, False),
    ],
)
def test_draft_is_incomplete_when_it_lacks_what_every_content_has(changes, lacks):
    page = make_page(live=False)
    for name, value in changes.items():
        setattr(page, name, ImageFactory() if value is True and name == "image" else value)
    page.save_revision(clean=False)

    assert incomplete_drafts(BasePage.objects.all()).exists() is lacks


def test_incomplete_changes_of_a_published_page_are_found_and_index_pages_are_not(home):
    page = make_page(make_section())
    page.summary = ""
    page.save_revision(clean=False)

    assert [found.pk for found in incomplete_drafts(BasePage.objects.all())] == [page.pk]


def test_lists_show_only_what_the_account_may_see(client, home, contributor):
    other = make_page(make_section(title="Ailleurs"), title="Ailleurs aussi")
    StandardPageFactory(parent=home, title="Ici")
    client.force_login(contributor)

    found = titles(client)

    assert "Ici" in found
    assert other.title not in found
    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    assert client.get(reverse(ALL)).status_code == 302
    assert "Tous les contenus" not in client.get(reverse("wagtailadmin_home")).content.decode()
