"""The log of searches and the clicks: what is kept, what is masked, what is refused, when it is erased."""

import datetime as dt

import pytest
from django.core import signing
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import PageViewRestriction

from search import log
from search.jobs import forget_searches
from search.listings import SearchListing
from search.models import SearchClick, SearchLogEntry
from search.models.log import KEEP
from tests.base.listing_site import add_page
from tests.search.contents import READER, write_contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def contents(small_france):
    return write_contents()


def token_of(client, query="marché"):
    return client.get("/recherche/", {"q": query}, **READER).context["click_token"]


def click(client, token, rank, page):
    return client.post("/recherche/clic/", {"jeton": token, "rang": rank, "page": page})


def test_a_search_is_kept_without_who_made_it(client, contents, freeze):
    freeze("2026-11-23 10:00")
    client.get("/recherche/", {"q": "Écoles  à Nantes", "thematique": "inconnue", "tri": "titre"}, **READER)
    entry = SearchLogEntry.objects.get()
    kept = {field.name: getattr(entry, field.name) for field in entry._meta.concrete_fields}
    assert kept == {
        "id": entry.pk,
        "text": "Écoles à Nantes",
        "normalised": "ecoles a nantes",
        "results": entry.results,
        "filters": {},
        "engine": "embarque",
        "moment": timezone.now(),
    }


def test_filters_are_kept_by_name_and_value(client, contents):
    response = client.get("/recherche/", {"q": "école", "territoire": "nantes"}, **READER)
    entry = SearchLogEntry.objects.get()
    assert entry.filters == {"territoire": ["commune:44109"]}
    assert entry.results == response.context["listing"].count == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("écrire à Jean.Dupont+a@mairie.exemple.fr vite", "écrire à [courriel] vite"),
        ("jean@mairie", "[courriel]"),
        ("appeler le 06 12 34 56 78", "appeler le [téléphone]"),
        ("06.12.34.56.78", "[téléphone]"),
        ("+33 (0)6 12 34 56 78 merci", "[téléphone] merci"),
        ("+33612345678", "[téléphone]"),
        ("0033 6 12 34 56 78", "[téléphone]"),
        ("siren 213 500 010", "siren [numéro]"),
        ("21350001000019", "[numéro]"),
        ("1 85 05 78 006 084 36", "[numéro]"),
        ("W123456789", "W[numéro]"),
        ("code 23096 en 2026", "code 23096 en 2026"),
        ("12345678", "12345678"),
    ],
)
def test_what_could_name_somebody_is_masked(client, contents, typed, kept):
    client.get("/recherche/", {"q": typed}, **READER)
    assert [entry.text for entry in SearchLogEntry.objects.all()] == [kept]
    assert "dupont" not in SearchLogEntry.objects.get().normalised


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": "SomeCrawler"},
        {"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch"},
    ],
)
def test_robots_and_prefetches_are_not_kept(client, contents, headers):
    response = client.get("/recherche/?q=école", headers=headers)
    assert (response.status_code, response.context["click_token"]) == (200, "")
    assert "data-click-token" not in response.content.decode()
    assert not SearchLogEntry.objects.exists()


@pytest.mark.parametrize("query", ["", "?q=", "?thematique=eau", "?q=récit&page=2", "?q=récit&export=csv"])
def test_only_the_first_page_of_a_query_is_kept(client, contents, query):
    section, _pages = contents
    for rank in range(20):
        add_page(section, f"Récit {rank}")
    response = client.get(f"/recherche/{query}", **READER)
    assert response.status_code == 200
    assert response.getvalue()
    assert not SearchLogEntry.objects.exists()


def test_head_is_not_kept(client, contents):
    assert client.head("/recherche/?q=école", **READER).status_code == 200
    assert not SearchLogEntry.objects.exists()


def test_log_costs_one_insert(contents, django_assert_num_queries):
    listing = SearchListing(RequestFactory().get("/recherche/?q=marché", **READER))
    assert listing.count == 1
    with django_assert_num_queries(3):  # with its savepoint, in the transaction of the test
        assert log.record(listing)


def test_database_that_refuses_spoils_no_search(client, contents, caplog):
    def refuse(execute, sql, params, many, context):
        if "search_searchlogentry" in sql:
            raise DatabaseError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        response = client.get("/recherche/?q=marché", **READER)
    assert (response.status_code, response.context["click_token"]) == (200, "")
    assert "Tenir un" in response.content.decode()
    assert "Recherche non notée" in caplog.text


def test_page_says_what_its_script_needs(client, contents):
    html = client.get("/recherche/?q=marché", **READER).content.decode()
    assert 'data-click-url="/recherche/clic/"' in html
    assert f'data-result="{contents[1]["market"].pk}"' in html
    assert "js/search-clicks" in html


def test_click_is_kept_once(client, contents):
    page = contents[1]["market"]
    token = token_of(client)
    for _ in range(2):
        response = click(Client(enforce_csrf_checks=True), token, 1, page.pk)
        assert (response.status_code, response.content) == (204, b"")
    kept = SearchClick.objects.get()
    assert (kept.entry, kept.rank, kept.page_id) == (SearchLogEntry.objects.get(), 1, page.pk)


@pytest.mark.parametrize("rank", ["0", "-1", "1001", "x", "", "1.5", "9" * 400])
def test_click_with_a_wrong_rank_is_refused(client, contents, rank):
    response = click(client, token_of(client), rank, contents[1]["market"].pk)
    assert (response.status_code, response.content[:4]) == (400, b"rang")
    assert not SearchClick.objects.exists()


@pytest.mark.parametrize("page", ["0", "x", "", "987654321", "9" * 30])
def test_click_on_an_unknown_page_is_refused(client, contents, page):
    assert click(client, token_of(client), 1, page).status_code == 400
    assert not SearchClick.objects.exists()


def test_click_on_a_page_that_visitors_may_not_read_is_refused(client, contents):
    _section, pages = contents
    token = token_of(client)
    pages["school"].unpublish()
    PageViewRestriction.objects.create(page=pages["market"].basepage_ptr, restriction_type="login")
    for name in ("school", "market"):
        response = click(client, token, 1, pages[name].pk)
        assert (response.status_code, response.content.decode()) == (400, "page : Cette page n’existe pas.")


def test_click_with_a_wrong_or_old_token_is_refused(client, contents, freeze):
    freeze("2026-11-23 10:00")
    token, page = token_of(client), contents[1]["market"].pk
    for wrong in ("", "x", f"{token}x", signing.dumps(1, salt="other"), signing.dumps("a", salt=log.SALT)):
        assert click(client, wrong, 1, page).status_code == 400
    freeze("2026-11-23 11:01")
    response = click(client, token, 1, page)
    assert response.content.decode() == "jeton : Ce jeton est inconnu, ou a plus d’une heure."
    assert not SearchClick.objects.exists()


def test_click_of_a_purged_search_is_forgotten(client, contents):
    token = token_of(client)
    SearchLogEntry.objects.all().delete()
    assert click(client, token, 1, contents[1]["market"].pk).status_code == 204
    assert not SearchClick.objects.exists()


def test_click_is_a_post_and_is_limited(client, contents, freeze):
    freeze("2026-11-23 10:10")
    assert client.get("/recherche/clic/").status_code == 405
    statuses = {client.post("/recherche/clic/").status_code for _ in range(600)}
    assert statuses == {400}
    response = client.post("/recherche/clic/")
    assert (response.status_code, response["Retry-After"]) == (429, "3000")


def test_searches_are_erased_within_thirteen_months(contents):
    now = timezone.now()
    for age in (KEEP - dt.timedelta(hours=1), KEEP + dt.timedelta(hours=1)):
        entry = SearchLogEntry.objects.create(
            text="école", normalised="ecole", results=1, engine="embarque", moment=now - age
        )
        SearchClick.objects.create(entry=entry, rank=1, page=contents[1]["school"].basepage_ptr)
    assert forget_searches() == "Recherches effacées : 1."
    assert (SearchLogEntry.objects.count(), SearchClick.objects.count()) == (1, 1)


def test_privacy_page_declares_the_log(client, site):
    html = client.get("/donnees-personnelles/").content.decode()
    assert "Journal des recherches" in html
