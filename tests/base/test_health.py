"""« Santé des contenus »: every problem found, only where it is, for all pages at once."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ReferenceIndex

from territoires_en_commun.base.health.problems import PROBLEMS
from territoires_en_commun.base.models import BasePage, CustomImage, LinkCheck, LinkState, LinkUse
from tests.factories import DocumentFactory, StandardPageFactory, UserFactory
from tests.pages.build import make_draft, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def problems_of(page) -> set[str]:
    """The keys of the problems of a page."""
    today = timezone.localdate()
    same = BasePage.objects.filter(pk=page.pk)
    return {problem.key for problem in PROBLEMS if same.filter(problem.condition(today)).exists()}


def change(page, **values):
    BasePage.objects.filter(pk=page.pk).update(**values)


@pytest.fixture
def section(home):
    """A page that lists those below it."""
    return StandardPageFactory(parent=home, title="Rubrique", slug="rubrique", show_in_menus=True)


@pytest.fixture
def page(section):
    """A published content with nothing to mend."""
    return make_page(section)


def test_page_in_order_has_no_problem(page):
    assert problems_of(page) == set()


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("review_date", timedelta(0), "revue"),
        ("review_date", timedelta(days=1), None),
        ("last_published_at", timedelta(days=-367), "ancienne"),
        ("last_published_at", timedelta(days=-360), None),
        ("review_owner", None, "responsable"),
        ("summary", "", "resume"),
    ],
)
def test_problem_of_a_field(page, field, value, problem):
    now = timezone.localtime()
    moment = now + value if isinstance(value, timedelta) else value
    change(page, **{field: moment.date() if field == "review_date" else moment})

    assert problems_of(page) == ({problem} if problem else set())


def test_summary_for_search_engines_is_one(page):
    change(page, summary="", search_description="Pour les moteurs.")

    assert problems_of(page) == set()


def test_owner_whose_account_is_closed_is_no_owner(page):
    page.review_owner.is_active = False
    page.review_owner.save()

    assert problems_of(page) == {"responsable"}


def test_page_without_theme(page):
    BasePage.themes.through.objects.all().delete()

    assert problems_of(page) == {"thematique"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [({}, "image"), ({"image_alt": "Le hall."}, None), ({"image_decorative": True}, None)],
)
def test_image_without_description(page, values, problem):
    image = CustomImage.objects.create(title="Hall", file="hall.jpg", width=1, height=1)
    change(page, image=image, **values)

    assert problems_of(page) == ({problem} if problem else set())


def test_dead_link_and_no_other(page):
    link = LinkCheck.objects.create(url="https://a.exemple.fr/", state=LinkState.SUSPECT, failed_days=3)
    LinkUse.objects.create(link=link, page=page, field="body")
    assert problems_of(page) == set()

    LinkCheck.objects.filter(pk=link.pk).update(state=LinkState.DEAD)
    assert problems_of(page) == {"lien"}


@pytest.mark.parametrize(
    ("name", "has_version", "problem"),
    [("guide.pdf", False, "pdf"), ("guide.PDF", False, "pdf"), ("guide.pdf", True, None), ("guide.odt", False, None)],
)
def test_pdf_without_accessible_version(page, name, has_version, problem):
    document = DocumentFactory(file__filename=name)
    if has_version:
        document.accessible_version = DocumentFactory(file__filename="texte.odt")
        document.save()
    page.body = f'<p><a linktype="document" id="{document.pk}">Guide</a></p>'
    page.save_revision().publish()

    assert problems_of(page) == ({problem} if problem else set())


def test_pdf_that_is_itself_an_accessible_version(page):
    version = DocumentFactory(file__filename="accessible.pdf")
    DocumentFactory(file__filename="scan.pdf", accessible_version=version)
    page.body = f'<p><a linktype="document" id="{version.pk}">Guide</a></p>'
    page.save_revision().publish()

    assert problems_of(page) == set()


# Orphans


def test_page_that_nothing_leads_to_is_an_orphan(home):
    page = StandardPageFactory(parent=home, title="Seule", slug="seule")

    assert problems_of(page) == {"orpheline"}


def test_page_below_a_list_is_no_orphan(home, section):
    index = home.get_children().get(slug="annuaire")

    assert problems_of(StandardPageFactory(parent=index)) == set()
    assert problems_of(StandardPageFactory(parent=section)) == set()
    change(section, live=False)
    assert problems_of(section.get_children().first()) == {"orpheline"}


@pytest.mark.parametrize("values", [{"show_in_menus": True}, {"slug": "budget"}])
def test_page_of_the_menu_or_of_the_footer_is_no_orphan(home, values):
    assert problems_of(StandardPageFactory(parent=home, **values)) == set()


def test_pages_of_a_new_site_are_no_orphans(home):
    assert [page.title for page in home.get_descendants() if "orpheline" in problems_of(page)] == []


@pytest.mark.parametrize(
    "html",
    ['<a linktype="page" id="{page.pk}">Voir</a>', '<a href="/seule/">Voir</a>', '<a href="{page.full_url}">V</a>'],
)
def test_page_linked_from_another_is_no_orphan(home, section, html):
    page = StandardPageFactory(parent=home, title="Seule", slug="seule")
    source = make_page(section, slug="source", body=html.format(page=page))
    assert problems_of(page) == set()

    source.unpublish()
    assert problems_of(page) == {"orpheline"}


def test_page_linked_only_from_itself_is_an_orphan(home):
    page = make_page(home, slug="seule")
    page.body = f'<a linktype="page" id="{page.pk}">Ici</a>'
    page.save_revision().publish()

    assert ReferenceIndex.objects.filter(to_object_id=str(page.pk)).exists()
    assert "orpheline" in problems_of(page)


# The report


def report(client, query=""):
    return client.get(f"{reverse('content_health')}?{query}")


def shown(client, query="") -> set[str]:
    return {page.title for page in report(client, query).context["object_list"]}


def counts(client, query="") -> dict[str, int]:
    return {count.label: count.count for count in report(client, query).context["problem_counts"] if count.count}


@pytest.fixture
def troubled(section, superuser):
    """Three pages in trouble; a draft, which is not published."""
    first = make_page(section, title="Sans résumé", slug="a", review_owner=superuser)
    second = make_page(section, title="Deux fois", slug="b")
    third = make_page(section, title="Sans personne", slug="c")
    change(first, summary="")
    change(second, summary="", review_date=timezone.localdate())
    change(third, review_owner=None)
    make_draft(section)
    return first, second, third


def test_report_lists_counts_and_filters(admin_client, troubled, superuser):
    assert shown(admin_client) == {"Sans résumé", "Deux fois", "Sans personne"}
    assert counts(admin_client) == {"Sans résumé": 2, "Date de revue passée": 1, "Sans responsable": 1}
    assert shown(admin_client, "probleme=revue") == {"Deux fois"}
    assert shown(admin_client, "probleme=resume") == {"Sans résumé", "Deux fois"}
    assert shown(admin_client, f"responsable={superuser.pk}") == {"Sans résumé"}
    assert counts(admin_client, f"responsable={superuser.pk}&probleme=revue") == {"Sans résumé": 1}
    assert shown(admin_client, "responsable=aucun") == {"Sans personne"}
    assert shown(admin_client, f"type={troubled[0].content_type_id}") == {"Sans résumé", "Deux fois", "Sans personne"}
    assert shown(admin_client, "probleme=inconnu&type=abc") == {"Sans résumé", "Deux fois", "Sans personne"}
    html = report(admin_client, "probleme=revue").content.decode()
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[troubled[1].pk])}"' in html
    assert f'<a href="{reverse("content_health")}?probleme=revue" aria-current="true">' in html


def test_report_results_are_refreshed_alone(admin_client, troubled):
    html = admin_client.get(f"{reverse('content_health_results')}?probleme=revue").content.decode()

    assert "Deux fois" in html
    assert "<html" not in html


def test_report_is_exported(admin_client, troubled):
    change(troubled[0], title="=cmd()")
    admin_client.get(reverse("content_health"))

    text = b"".join(report(admin_client, "export=csv").streaming_content).decode("utf-8-sig")
    book = load_workbook(BytesIO(b"".join(report(admin_client, "export=xlsx&probleme=revue").streaming_content)))

    lines = text.splitlines()
    assert lines[0] == "Page;Type;À reprendre;Responsable de la revue;Date de revue;Dernière publication;Adresse"
    assert [line.split(";")[0] for line in lines[1:]] == ["'=cmd()", "Deux fois", "Sans personne"]
    assert '"Date de revue passée ; Sans résumé"' in lines[2]
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[:3] for row in rows[1:]] == [("Deux fois", "Contenu d’essai", "Date de revue passée ; Sans résumé")]


def test_report_costs_the_same_for_one_page_and_three(admin_client, section):
    change(make_page(section, slug="a"), summary="")
    report(admin_client)
    with CaptureQueriesContext(connection) as one:
        report(admin_client)
    for slug in "bc":
        change(make_page(section, slug=slug), summary="", review_owner=None)

    with CaptureQueriesContext(connection) as three:
        report(admin_client)
    assert len(three) == len(one) <= 20


def test_report_shows_only_what_the_account_may_change(client, troubled, contributor):
    client.force_login(contributor)
    assert shown(client) == set()  # nothing of theirs

    change(troubled[0], owner=contributor)
    assert shown(client) == {"Sans résumé"}
    assert counts(client) == {"Sans résumé": 1}

    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    assert report(client).status_code == 302
    assert "Santé des contenus" not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.logout()
    assert report(client).status_code == 302
