"""The page behind a signed link: scanners, double clicks, expiry, things gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from territoires_en_commun.mailing.models import JobState, UsedLink
from tests.mailing.link_urls import MANY, ONCE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def target(db, settings, freeze):
    freeze(NOW)
    settings.ROOT_URLCONF = "tests.mailing.link_urls"
    return JobState.objects.create(name="12", schedule="", next_run_at=NOW)


def address(link, payload: str = "12", **changes) -> str:
    return link.url(payload, **changes).removeprefix("http://testserver")


def count(target) -> int:
    target.refresh_from_db()
    return target.failures


@pytest.mark.parametrize("link", [ONCE, MANY])
def test_get_and_head_never_act(link, client, target):
    url = address(link)
    for _ in range(10):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
        assert client.options(url).status_code == 200
    assert count(target) == 0
    assert UsedLink.objects.count() == 0


def test_get_explains_and_offers_a_button(client):
    response = client.get(address(ONCE))
    page = response.content.decode()
    assert "<h1>Annuler votre inscription</h1>" in page
    assert "Votre place sera rendue." in page
    assert '<form method="post">' in page
    assert "Annuler mon inscription</button>" in page
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_post_acts_once_on_a_single_use_link(client, target):
    url = address(ONCE)
    first, second = client.post(url), client.post(url)
    assert (first.status_code, second.status_code) == (200, 410)
    assert "Votre place est rendue." in first.content.decode()
    page = second.content.decode()
    assert "Ce lien a déjà été utilisé" in page
    assert '<a class="fr-btn" href="/agenda/">Demander un nouveau lien</a>' in page
    assert count(target) == 1


def test_get_after_use_explains(client):
    url = address(ONCE)
    client.post(url)
    response = client.get(url)
    assert response.status_code == 410
    assert "il ne servait qu’une fois" in response.content.decode()


def test_post_acts_again_on_a_reusable_link(client, target):
    url = address(MANY)
    assert [client.post(url).status_code for _ in range(2)] == [200, 200]
    assert count(target) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_expired_link_explains_and_does_nothing(method, client, target, freeze):
    url = address(ONCE)
    freeze(NOW + timedelta(days=7))
    response = getattr(client, method)(url)
    assert response.status_code == 410
    assert "Ce lien a expiré" in response.content.decode()
    assert "Demander un nouveau lien" in response.content.decode()
    assert count(target) == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_of_another_purpose_does_nothing(method, client, target):
    url = address(MANY).replace("/durable/", "/unique/")
    assert getattr(client, method)(url).status_code == 404
    assert count(target) == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "%C3%A9", "a.b", "%FF"])
def test_tampered_link_is_refused_in_french(method, token, client, target):
    response = getattr(client, method)(f"/lien/unique/{token}/")
    assert response.status_code == 404
    assert "Ce lien n’est pas valable" in response.content.decode()
    assert count(target) == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_to_something_gone_explains(method, client, target):
    url = address(ONCE)
    target.delete()
    response = getattr(client, method)(url)
    assert response.status_code == 410
    assert "n’existe plus" in response.content.decode()


def test_refused_action_says_why_and_leaves_the_link_usable(client, target):
    JobState.objects.update(last_result="complet")
    url = address(ONCE)
    response = client.post(url)
    assert response.status_code == 409
    assert "La date limite est passée." in response.content.decode()
    assert UsedLink.objects.count() == 0
    JobState.objects.update(last_result="")
    assert client.post(url).status_code == 200
    assert count(target) == 1


def test_post_without_the_csrf_token_is_refused(target):
    client = Client(enforce_csrf_checks=True)
    assert client.post(address(ONCE)).status_code == 403
    assert count(target) == 0


def test_form_of_the_page_passes_the_csrf_check(csrf_client, target):
    url = address(ONCE)
    page = csrf_client.get(url).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert csrf_client.post(url, {"csrfmiddlewaretoken": token}).status_code == 200
    assert count(target) == 1
