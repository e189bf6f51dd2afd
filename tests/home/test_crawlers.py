"""sitemap.xml, robots.txt, security.txt."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from wagtail.models import PageViewRestriction

from territoires_en_commun.home.crawlers import check_security_txt
from territoires_en_commun.home.models import HomePage
from tests.factories import StandardPageFactory, TerritoryFactory

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(client, url) -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return [node.text for node in ET.fromstring(response.content).findall(".//s:loc", NS)]  # noqa: S314 - our own


def test_sitemap_is_an_index_of_sections(site, client):
    assert locations(client, "/sitemap.xml") == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-territoires.xml",
    ]


def test_sitemap_lists_live_public_pages_with_their_date(home, client):
    page = StandardPageFactory(parent=home, title="Publique")
    page.save_revision().publish()
    StandardPageFactory(parent=home, title="Brouillon", live=False)
    private = StandardPageFactory(parent=home, title="Réservée")
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    found = locations(client, "/sitemap-pages.xml")
    assert found[0] == "http://testserver/"
    assert found[-1] == "http://testserver/publique/"
    assert "http://testserver/annuaire/" in found
    assert len(found) == 14
    tree = ET.fromstring(client.get("/sitemap-pages.xml").content)  # noqa: S314 - our own
    page.refresh_from_db()
    assert tree.findall(".//s:lastmod", NS)[-1].text == timezone.localdate(page.last_published_at).isoformat()


def test_sitemap_lists_territories(site, client):
    territory = TerritoryFactory()
    assert locations(client, "/sitemap-territoires.xml") == [f"http://testserver{territory.get_absolute_url()}"]


@pytest.mark.parametrize(
    "url", ["/sitemap-x.xml", "/sitemap-pages.xml?p=99", "/sitemap-pages.xml?p=abc", "/sitemap-.xml"]
)
def test_sitemap_refuses_what_it_does_not_have(site, client, url):
    assert client.get(url).status_code == 404


def test_sitemap_is_kept_in_the_cache(site, client, django_assert_num_queries):
    client.get("/sitemap-pages.xml")
    with django_assert_num_queries(0):
        assert client.get("/sitemap-pages.xml").status_code == 200
    HomePage.objects.get()


@pytest.mark.parametrize(
    ("indexable", "lines"),
    [
        (False, ["User-agent: *", "Disallow: /"]),
        (True, ["User-agent: *", "Disallow: /admin/", "Disallow: /recherche/", "Allow: /"]),
    ],
)
def test_robots_txt_opens_the_site_only_when_it_may_be_indexed(db, client, settings, indexable, lines):
    settings.SITE_IS_INDEXABLE = indexable
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "\n".join([*lines, "", "Sitemap: http://testserver/sitemap.xml", ""])


def test_security_txt_follows_rfc_9116(db, client):
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields == {
        "Contact": "http://testserver/contact/",
        "Expires": "2027-10-31T22:59:59Z",
        "Preferred-Languages": "fr, en",
        "Canonical": "http://testserver/.well-known/security.txt",
    }


def test_security_txt_writes_mail_addresses_as_uris(db, client, settings):
    settings.SECURITY_CONTACTS = ["securite@territoires.exemple.fr", "https://exemple.fr/faille"]
    settings.SECURITY_TXT_EXPIRES = "2027-03-01"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[:3] == [
        "Contact: mailto:securite@territoires.exemple.fr",
        "Contact: https://exemple.fr/faille",
        "Expires: 2027-03-01T22:59:59Z",
    ]


def test_security_txt_of_this_release_is_valid_for_more_than_a_month(db, client):
    """Fails 30 days before expiry, on purpose: check the contact, then set a new SECURITY_TXT_EXPIRES (BETA-3)."""
    line = client.get("/.well-known/security.txt").content.decode().splitlines()[1]
    left = datetime.fromisoformat(line.removeprefix("Expires: ")) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)
    assert check_security_txt(None) == []


@pytest.mark.parametrize(
    ("today", "expires", "expected"),
    [
        ("2026-11-23", "2027-10-31", []),
        ("2027-09-30", "2027-10-31", []),
        ("2027-10-02", "2027-10-31", ["home.W002"]),
        ("2027-12-01", "2027-10-31", ["home.W002"]),
        ("2026-10-01", "2027-10-31", ["home.W003"]),
        ("2026-11-23", "bientôt", ["home.W001"]),
    ],
)
def test_check_warns_before_security_txt_expires(settings, freeze, today, expires, expected):
    settings.SECURITY_TXT_EXPIRES = expires
    freeze(f"{today} 12:00")
    assert [warning.id for warning in check_security_txt(None)] == expected


@pytest.mark.parametrize("url", ["/robots.txt", "/.well-known/security.txt", "/sitemap.xml", "/plan-du-site/"])
def test_pages_for_robots_set_no_cookie_and_refuse_posts(site, client, url):
    response = client.get(url)
    assert (response.status_code, dict(response.cookies)) == (200, {})
    if url != "/sitemap.xml":
        assert client.post(url).status_code == 405
    assert django_settings.SITE_URL == "http://testserver"
