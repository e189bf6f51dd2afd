"""« Liens » in the editing space: the dead first, filters, export, rights, a new check on demand."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territoires_en_commun.base.models import BasePage, LinkCheck, LinkState, LinkUse
from tests.base.web_server import web_server
from tests.factories import StandardPageFactory, UserFactory
from tests.pages.build import make_page

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
URL = "link_checks"


def use(page, url, state=LinkState.OK, **values):
    link, _ = LinkCheck.objects.update_or_create(url=url, defaults={"state": state, "failed_days": 3, **values})
    return LinkUse.objects.create(link=link, page=page, field="body")


@pytest.fixture
def pages(home, superuser):
    """Two pages, three links; the links that a new site has are forgotten."""
    LinkCheck.objects.all().delete()
    first = make_page(home, title="Première", slug="a", review_owner=superuser)
    second = make_page(home, title="Seconde", slug="b")
    use(first, "https://bon.exemple.fr/")
    use(second, "https://suspect.exemple.fr/", LinkState.SUSPECT, cause="Connexion refusée")
    use(
        second,
        "https://mort.exemple.fr/",
        LinkState.DEAD,
        cause="Page introuvable (404)",
        first_failed_on=date(2026, 11, 3),
    )
    return first, second


def shown(client, query="") -> list[str]:
    found = client.get(f"{reverse(URL)}?{query}").context["object_list"]
    return [each.link.url.removeprefix("https://").removesuffix(".exemple.fr/") for each in found]


def test_dead_links_come_first(admin_client, pages, superuser):
    assert shown(admin_client) == ["mort", "suspect", "bon"]
    assert shown(admin_client, "etat=mort") == ["mort"]
    assert shown(admin_client, f"responsable={superuser.pk}") == ["bon"]
    assert shown(admin_client, "q=suspect.ex") == ["suspect"]
    assert shown(admin_client, "q=première") == ["bon"]
    assert shown(admin_client, "etat=inconnu") == ["mort", "suspect", "bon"]
    html = admin_client.get(reverse(URL)).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[pages[1].pk]) in html
    assert "Page introuvable (404)" in html
    assert "03/11/2026" in html


def test_links_are_exported(admin_client, pages):
    response = admin_client.get(f"{reverse(URL)}?export=csv&etat=mort")

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "Adresse;État;Constat;Jours d’échec;En échec depuis;Vérifié le;Page;Champ;Responsable de la revue;"
        "Adresse de la page"
    )
    owner = pages[1].review_owner
    cells = ["https://mort.exemple.fr/", "mort", "Page introuvable (404)", "3", "2026-11-03", "", "Seconde", "Corps"]
    assert lines[1:] == [";".join([*cells, str(owner), "http://testserver/b/"])]


def test_address_that_is_not_of_the_web_is_not_a_link(admin_client, pages):
    use(pages[0], "javascript:alert(1)", LinkState.REFUSED)

    html = admin_client.get(f"{reverse(URL)}?etat=refuse").content.decode()

    assert "javascript:alert(1)" in html
    assert 'href="javascript:' not in html


def test_links_cost_the_same_for_one_and_three(admin_client, pages):
    admin_client.get(f"{reverse(URL)}?etat=mort")
    with CaptureQueriesContext(connection) as one:
        admin_client.get(f"{reverse(URL)}?etat=mort")
    for number in (1, 2):
        use(pages[number - 1], f"https://mort{number}.exemple.fr/", LinkState.DEAD)

    with CaptureQueriesContext(connection) as three:
        assert len(shown(admin_client, "etat=mort")) == 3
    assert len(three) == len(one) <= 15


def test_link_is_checked_again_on_demand(admin_client, pages, settings):
    with web_server() as server:
        settings.LINK_CHECK_PORTS, settings.LINK_CHECK_EXTRA_NETWORKS = [server.port], ["127.0.0.1/32"]
        again = use(pages[0], server.url("/200"), LinkState.DEAD)
        response = admin_client.post(
            reverse("link_recheck", args=[again.link_id]), {"next": f"{reverse(URL)}?etat=mort"}
        )

    again.link.refresh_from_db()
    assert response.url == f"{reverse(URL)}?etat=mort"
    assert (again.link.state, again.link.failed_days) == (LinkState.OK, 0)


def test_check_again_never_follows_a_stranger(admin_client, pages):
    url = reverse("link_recheck", args=[use(pages[0], "http://testserver/a/").link_id])

    assert admin_client.get(url).status_code == 405
    assert admin_client.post(url, {"next": "//pirate.exemple.fr/"}).url == reverse(URL)
    assert admin_client.post(reverse("link_recheck", args=[999999])).status_code == 404


def test_button_carries_what_the_csrf_check_asks(superuser, pages):
    use(pages[0], "http://testserver/a/", LinkState.DEAD)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(superuser)
    html = strict.get(f"{reverse(URL)}?q=testserver").content.decode()
    url, token = re.search(r'<form method="post" action="([^"]+)">\s*<input [^>]*value="([^"]+)"', html).groups()

    assert strict.post(url).status_code == 403
    assert strict.post(url, {"csrfmiddlewaretoken": token}).status_code == 302


def test_links_of_other_sections_are_not_shown_nor_checked(client, pages, contributor):
    client.force_login(contributor)
    other = LinkCheck.objects.get(url="https://mort.exemple.fr/")
    assert shown(client) == []
    assert client.post(reverse("link_recheck", args=[other.pk])).status_code == 404

    BasePage.objects.filter(pk=pages[0].pk).update(owner=contributor)
    assert shown(client) == ["bon"]

    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    assert client.get(reverse(URL)).status_code == 302
    assert client.post(reverse("link_recheck", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.checked_at is None


def test_links_of_unpublished_pages_are_not_listed(admin_client, home):
    LinkCheck.objects.all().delete()
    use(StandardPageFactory(parent=home, live=False), "https://a.exemple.fr/")

    assert shown(admin_client) == []
