"""Every filtered list is a feed: exactly its articles, in valid RSS 2.0 and Atom, whatever the texts and address."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from blog.models import ArticleIndexPage, ArticlePage
from territoires_en_commun.base.listing.feeds import readable
from tests.blog.build import make_article
from tests.factories import AuthorFactory, PartnerFactory, ThemeFactory
from tests.filled_site import fill_once

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
PARIS = ZoneInfo("Europe/Paris")
SITE = "http://127.0.0.1:8000"
TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
DATABASE = pytest.mark.django_db


@pytest.fixture
def blog(home, settings):
    settings.SITE_URL = SITE
    return ArticleIndexPage.objects.get()


@pytest.fixture
def articles(blog, small_france):
    fill_once(write_articles, small_france)


def write_articles(small_france):
    water = ThemeFactory(name="Eau & rivières", slug="eau")
    make_article(
        "reportage",
        title="L’été <chaud> & « sec »",
        summary="Œuvre d’un été : 3 < 4 & 5 > 4.\x0b",
        published_on=date(2022, 6, 20),
        themes=[water],
        territories=[small_france["commune:23096"]],
        authors=[AuthorFactory(name="Noé Lexemple"), AuthorFactory(name="Maya <Delafiction>")],
    )
    make_article("actualite", title="Nouvelle", published_on=date(2024, 1, 5), partner=PartnerFactory(name="AT&T"))
    make_article("focus", title="Dossier", published_on=date(2026, 3, 18), themes=[water])
    make_article("focus", title="Brouillon secret", live=False, themes=[water])
    hidden = make_article("focus", title="Article privé", themes=[water])
    PageViewRestriction.objects.create(page=hidden.basepage_ptr, restriction_type="login")


def parse(xml):
    """The root of a document of ours."""
    return ET.fromstring(xml)  # noqa: S314 (nobody else wrote it)


def feed_of(client, query="", form="rss", path="/actualites/"):
    """The root of a feed, its answer checked."""
    response = client.get(f"{path}?{query}{'&' if query else ''}export={form}")
    assert (response.status_code, response["Content-Type"]) == (200, TYPES[form])
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    return parse(response.content)


def titles(client, query="", form="rss"):
    root = feed_of(client, query, form)
    found = root.iterfind("channel/item/title") if form == "rss" else root.iterfind(f"{ATOM}entry/{ATOM}title")
    return [element.text for element in found]


@DATABASE
@pytest.mark.parametrize(("form", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_readers_find_nothing_malformed(client, articles, form, version):
    read = feedparser.parse(client.get(f"/actualites/?export={form}").content)
    assert (read.bozo, read.version) == (0, version)
    assert [entry.title for entry in read.entries] == ["Dossier", "Nouvelle", "L’été <chaud> & « sec »"]
    assert read.entries[2].author == "Noé Lexemple, Maya <Delafiction>"
    assert all(entry.link.startswith(SITE) and entry.id for entry in read.entries)


@DATABASE
@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Dossier", "Nouvelle", "L’été <chaud> & « sec »"]),
        ("type=focus", ["Dossier"]),
        ("thematique=eau", ["Dossier", "L’été <chaud> & « sec »"]),
        ("type=reportage&thematique=eau&territoire=commune:23096", ["L’été <chaud> & « sec »"]),
        ("annee=2024", ["Nouvelle"]),
        ("annee=2019", []),
        ("q=été", ["L’été <chaud> & « sec »"]),
        ("tri=titre", ["Dossier", "Nouvelle", "L’été <chaud> & « sec »"]),
        ("limite=1", ["Dossier"]),
    ],
)
def test_feed_holds_exactly_the_filtered_articles_the_latest_first(client, articles, form, query, expected):
    assert titles(client, query, form) == expected


@DATABASE
@pytest.mark.parametrize(
    "query",
    [
        *("limite=abc", "limite=1000000000", "limite=0", "limite=-1", f"limite={'9' * 5000}", "limite=%00"),
        *("thematique=inconnue", "annee=abc", "mois=2022-13", "page=9999", "tri=couleur", "inconnu=1", "q=%00"),
    ],
)
def test_bad_parameter_falls_back(client, articles, query):
    assert titles(client, query) == ["Dossier", "Nouvelle", "L’été <chaud> & « sec »"]
    root = feed_of(client, query)
    assert root.find("channel/link").text == f"{SITE}/actualites/"


@DATABASE
def test_feed_gives_twenty_articles_unless_more_are_asked(client, blog):
    for number in range(22):
        make_article(title=f"Article {number:02}", published_on=date(2024, 1, 1 + number))
    assert titles(client) == [f"Article {number:02}" for number in range(21, 1, -1)]
    assert len(titles(client, "limite=100", "atom")) == 22


@DATABASE
def test_rss_has_what_its_specification_asks(client, articles):
    root = feed_of(client, "type=reportage")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel.find("title").text == "Actualités – Reportage – Territoires en commun"
    assert channel.find("link").text == f"{SITE}/actualites/?type=reportage"
    assert channel.find("description").text
    assert channel.find("language").text == "fr"
    assert channel.find(f"{ATOM}link").attrib == {
        "rel": "self",
        "href": f"{SITE}/actualites/?type=reportage&export=rss",
    }
    article = ArticlePage.objects.get(kind="reportage")
    assert parsedate_to_datetime(channel.find("lastBuildDate").text) == article.last_published_at.replace(
        microsecond=0
    )
    (item,) = channel.iterfind("item")
    told = {child.tag: child.text for child in item if child.tag != "category"}
    assert parsedate_to_datetime(told.pop("pubDate")) == datetime(2022, 6, 20, 12, tzinfo=PARIS)
    assert told == {
        "title": "L’été <chaud> & « sec »",
        "link": f"{SITE}/actualites/lete-chaud-sec/",
        "description": "Œuvre d’un été : 3 < 4 & 5 > 4.",
        "guid": article.uuid.urn,
        CREATOR: "Noé Lexemple, Maya <Delafiction>",
    }
    assert item.find("guid").get("isPermaLink") == "false"
    assert [child.text for child in item.iterfind("category")] == ["Reportage", "Eau & rivières"]


@DATABASE
def test_atom_has_what_its_specification_asks(client, articles):
    root = feed_of(client, "annee=2024&limite=5", "atom")
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}id").text == f"{SITE}/actualites/?annee=2024"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Territoires en commun"
    assert [(link.get("rel"), link.get("href")) for link in root.iterfind(f"{ATOM}link")] == [
        ("alternate", f"{SITE}/actualites/?annee=2024"),
        ("self", f"{SITE}/actualites/?annee=2024&export=atom&limite=5"),
    ]
    article = ArticlePage.objects.get(title="Nouvelle")
    (entry,) = root.iterfind(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == article.uuid.urn
    assert entry.find(f"{ATOM}title").text == "Nouvelle"
    assert entry.find(f"{ATOM}link").attrib == {"rel": "alternate", "href": f"{SITE}/actualites/nouvelle/"}
    assert entry.find(f"{ATOM}summary").text == "Onze étals et une file d’attente."
    assert entry.find(f"{ATOM}published").text == "2024-01-05T12:00:00+01:00"
    updated = datetime.fromisoformat(entry.find(f"{ATOM}updated").text)
    assert updated == article.last_published_at
    assert root.find(f"{ATOM}updated").text == entry.find(f"{ATOM}updated").text
    assert entry.find(f"{ATOM}author/{ATOM}name").text.startswith("Autrice imaginaire")


@DATABASE
def test_news_without_author_are_signed_by_their_partner(client, articles):
    article = ArticlePage.objects.get(title="Nouvelle")
    article.signatures = []
    article.save_revision().publish()
    assert feed_of(client, "annee=2024").find(f"channel/item/{CREATOR}").text == "AT&T"


@DATABASE
def test_identifier_outlives_the_address(client, articles):
    before = feed_of(client, "annee=2024").find("channel/item/guid").text
    article = ArticlePage.objects.get(title="Nouvelle")
    article.slug = "autre-adresse"
    article.save_revision().publish()
    item = feed_of(client, "annee=2024").find("channel/item")
    assert item.find("link").text == f"{SITE}/actualites/autre-adresse/"
    assert item.find("guid").text == before


@DATABASE
def test_empty_feed_keeps_the_same_date(client, blog, freeze):
    freeze("2026-03-10 10:00")
    first = client.get("/actualites/?export=atom")
    freeze("2026-03-11 10:00")
    assert client.get("/actualites/?export=atom").content == first.content
    assert parse(first.content).find(f"{ATOM}updated").text == datetime(1970, 1, 1, tzinfo=UTC).isoformat()


@DATABASE
def test_feed_that_did_not_change_is_not_sent_again(client, articles):
    first = client.get("/actualites/?export=rss")
    assert "public" in first["Cache-Control"]
    again = client.get("/actualites/?export=rss", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_article(title="Nouveau")
    assert client.get("/actualites/?export=rss", headers={"if-none-match": first["ETag"]}).status_code == 200


@DATABASE
def test_page_tells_the_feeds_of_its_filters(client, articles):
    html = client.get("/actualites/?thematique=eau&tri=titre&page=9&inconnu=1").content.decode()
    head = html.partition("</head>")[0]
    for form, label in (("rss", "RSS"), ("atom", "Atom")):
        media = TYPES[form].partition(";")[0]
        title = f"Actualités – Eau &amp; rivières – Territoires en commun ({label})"
        link = f'type="{media}" title="{title}" href="/actualites/?thematique=eau&amp;export={form}">'
        assert f'<link rel="alternate" {link}' in head
        assert f'<a href="/actualites/?thematique=eau&amp;export={form}"' in html


@DATABASE
def test_control_characters_of_a_search_stay_out_of_the_feed(client, articles):
    root = feed_of(client, "q=Dossier%01%0b")
    assert root.find("channel/title").text == "Actualités – «\u00a0Dossier\u00a0» – Territoires en commun"


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_becomes_readable_xml(text):
    clean = readable(text)
    element = parse(f"<t>{clean.replace('&', '&amp;').replace('<', '&lt;')}</t>")
    assert (element.text or "").replace("\n", "") == clean.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "")
