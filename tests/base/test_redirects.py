"""Redirects: made when a page moves, never in circles."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from tests.factories import StandardPageFactory

pytestmark = pytest.mark.ignore_template_errors
HOST = "https://territoires.exemple.fr"  # Django finds no address valid on « testserver »


@pytest.fixture(autouse=True)
def named_site(site):
    site.hostname = "territoires.exemple.fr"
    site.save()


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """``rename(page, "slug")`` publishes a page at another address; Wagtail tells of it once it is committed."""

    def publish(page, slug):
        with django_capture_on_commit_callbacks(execute=True):
            page.slug = slug
            page.save_revision().publish()

    return publish


def add(client, old_path: str, link: str = "", page=None, **data):
    data = {"old_path": old_path, "redirect_link": link, "is_permanent": "on", **data}
    return client.post(reverse("wagtailredirects:add"), data | ({"redirect_page": page.pk} if page else {}))


def errors(response) -> dict:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def destinations() -> dict:
    return {redirect.old_path: redirect.link for redirect in Redirect.objects.all()}


def test_redirect_leads_where_it_says(admin_client, client, home):
    page = StandardPageFactory(parent=home, slug="ici")
    add(admin_client, "/jadis/", page=page)
    response = client.get("/jadis/")
    assert (response.status_code, response.url) == (301, "/ici/")


@pytest.mark.parametrize("old_path", ["/ici", "/ici/", "ici", " /ici/ "])
def test_redirect_to_its_own_address_is_refused(admin_client, site, old_path):
    response = add(admin_client, old_path, f"{HOST}/ici/")
    expected = "Cette redirection mène à sa propre adresse (/ici) : indiquez une autre destination."
    assert errors(response) == {"redirect_link": [expected]}
    assert destinations() == {}


def test_redirect_from_the_address_of_its_page_is_refused(admin_client, home):
    page = StandardPageFactory(parent=home, slug="ici", live=False)
    assert list(errors(add(admin_client, "/ici/", page=page))) == ["redirect_page"]


def test_loop_is_refused_with_its_path(admin_client, home):
    page = StandardPageFactory(parent=home, slug="trois")
    add(admin_client, "/un/", f"{HOST}/deux/")
    add(admin_client, "/deux/", page=page)
    response = add(admin_client, "/trois/", f"{HOST}/un/")
    expected = "Cette redirection tournerait en rond : /trois → /un → /trois. Indiquez une autre destination."
    assert errors(response) == {"redirect_link": [expected]}


def test_edited_redirect_may_not_close_a_loop(admin_client, site):
    add(admin_client, "/un/", f"{HOST}/deux/")
    add(admin_client, "/trois/", "https://ailleurs.exemple.fr/")
    last = Redirect.objects.get(old_path="/trois")
    url = reverse("wagtailredirects:edit", args=[last.pk])
    data = {"old_path": "/deux/", "redirect_link": f"{HOST}/un/", "is_permanent": "on"}
    assert list(errors(admin_client.post(url, data))) == ["redirect_link"]
    last.refresh_from_db()
    assert last.link == "https://ailleurs.exemple.fr/"


def test_chains_are_flattened_from_both_ends(admin_client, home):
    page = StandardPageFactory(parent=home, slug="fin")
    add(admin_client, "/un/", f"{HOST}/deux/")
    add(admin_client, "/trois/", page=page)
    add(admin_client, "/deux/", f"{HOST}/trois/")
    assert destinations() == {"/un": "/fin/", "/deux": "/fin/", "/trois": "/fin/"}


def test_another_site_with_the_same_path_is_no_loop(admin_client, site):
    add(admin_client, "/ici/", "https://ailleurs.exemple.fr/ici/")
    assert destinations() == {"/ici": "https://ailleurs.exemple.fr/ici/"}


def test_import_refuses_loops_line_by_line(admin_client, site):
    lines = f"de,vers\n/un/,{HOST}/deux/\n/deux/,{HOST}/un/\n"
    file = SimpleUploadedFile("redirections.csv", lines.encode(), content_type="text/csv")
    confirm = admin_client.post(reverse("wagtailredirects:start_import"), {"import_file": file})
    form = confirm.context["form"]
    data = {name: form.initial[name] for name in ("import_file_name", "input_format")}
    response = admin_client.post(
        reverse("wagtailredirects:process_import"), data | {"from_index": 0, "to_index": 1, "permanent": "on"}
    )
    assert destinations() == {"/un": f"{HOST}/deux/"}
    assert "/deux → /un → /deux" in response.content.decode()


# Pages that move


def test_renamed_section_keeps_the_addresses_of_its_children(client, home, rename):
    section = StandardPageFactory(parent=home, slug="guides")
    StandardPageFactory(parent=section, slug="budget")
    rename(section, "methodes")
    assert client.get("/guides/budget/").url == "/methodes/budget/"
    assert client.get("/guides/").url == "/methodes/"


def test_moved_section_keeps_the_addresses_of_its_children(client, home):
    section = StandardPageFactory(parent=home, slug="guides")
    child = StandardPageFactory(parent=section, slug="budget")
    StandardPageFactory(parent=child, slug="emprunt")
    parent = StandardPageFactory(parent=home, slug="ressources-utiles")
    section.move(parent, pos="last-child")
    assert client.get("/guides/budget/emprunt/").url == "/ressources-utiles/guides/budget/emprunt/"


def test_page_that_comes_back_leaves_no_loop_behind(client, home, rename):
    page = StandardPageFactory(parent=home, slug="ici")
    child = StandardPageFactory(parent=page, slug="enfant")
    for slug in ("ailleurs", "ici"):
        rename(page, slug)
    assert destinations() == {"/ailleurs": "/ici/", "/ailleurs/enfant": "/ici/enfant/"}
    child.refresh_from_db()
    child.unpublish()
    assert client.get("/ici/enfant/").status_code == 404


def test_pages_that_exchange_their_addresses_leave_no_loop(client, home, rename):
    one, two = StandardPageFactory(parent=home, slug="un"), StandardPageFactory(parent=home, slug="deux")
    for page, slug in ((one, "attente"), (two, "un"), (one, "deux")):
        rename(page, slug)
    one.unpublish()
    two.unpublish()
    assert [client.get(path).status_code for path in ("/un/", "/deux/")] == [404, 404]


def test_what_an_editor_wrote_stays_when_a_page_comes_to_its_address(admin_client, home, rename):
    add(admin_client, "/ici/", "https://ailleurs.exemple.fr/")
    page = StandardPageFactory(parent=home, slug="la")
    rename(page, "ici")
    assert destinations() == {"/ici": "https://ailleurs.exemple.fr/", "/la": "/ici/"}


def follow(client, path: str) -> list[str]:
    """The addresses that a visitor goes through, up to ten."""
    passed = [path]
    while len(passed) < 10 and (response := client.get(passed[-1])).status_code in (301, 302):
        passed.append(response.url.removeprefix(HOST))
    return passed


@pytest.mark.parametrize("names_the_page", [True, False])
def test_page_renamed_to_an_address_that_led_to_it_leaves_no_loop(admin_client, client, home, rename, names_the_page):
    page = StandardPageFactory(parent=home, slug="un")
    add(admin_client, "/deux/", page=page) if names_the_page else add(admin_client, "/deux/", f"{HOST}/un/")
    rename(page, "deux")
    assert follow(client, "/un/") == ["/un/", "/deux/"]
    page.refresh_from_db()
    page.unpublish()
    assert [follow(client, path) for path in ("/un/", "/deux/")] == [["/un/", "/deux/"], ["/deux/"]]
    assert destinations() == {"/un": "/deux/"}


def test_page_moved_to_an_address_that_led_to_it_by_another_leaves_no_loop(admin_client, client, home):
    section, page = StandardPageFactory(parent=home, slug="guides"), StandardPageFactory(parent=home, slug="budget")
    Redirect.add_redirect("/guides/budget/", redirect_to="/detour/")
    Redirect.add_redirect("/detour/", redirect_to="/budget/")
    page.move(section, pos="last-child")
    page.refresh_from_db()
    page.unpublish()
    assert follow(client, "/detour/") == ["/detour/", "/budget/", "/guides/budget/"]
    assert set(destinations()) == {"/detour", "/budget"}


def test_what_an_editor_wrote_stays_when_it_leads_below_the_page(admin_client, client, home, rename):
    page = StandardPageFactory(parent=home, slug="la")
    StandardPageFactory(parent=page, slug="enfant")
    add(admin_client, "/ici/", f"{HOST}/la/enfant/")
    rename(page, "ici")
    page.refresh_from_db()
    page.unpublish()
    assert follow(client, "/ici/") == ["/ici/", "/la/enfant/", "/ici/enfant/"]
