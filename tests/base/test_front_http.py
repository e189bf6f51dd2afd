"""How public pages travel: caching, compression, cookies, headers, errors, maintenance."""

import gzip
import os
import re
import subprocess
import sys

import brotli
import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from wagtail.models import PageViewRestriction, Site

from territoires_en_commun import urls as project_urls
from territoires_en_commun.base.models import BasePage, SiteSettings
from territoires_en_commun.base.site_info import get_site_info
from territoires_en_commun.middleware import MaintenanceMiddleware, PublicPageMiddleware, accepted_encodings
from tests.factories import HomePageFactory, StandardPageFactory

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


def broken(request):
    raise RuntimeError("broken on purpose")


@pytest.fixture
def home(db):
    """A home page, without the rest of ``init_site``."""
    home = HomePageFactory(parent=BasePage.objects.get(depth=1), slug="accueil-essai")
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home


def directives(response) -> dict[str, str]:
    parts = [part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")]
    return dict(parts)


def test_public_page_can_be_shared_and_sets_no_cookie(client, home):
    response = client.get("/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["ETag"].startswith('W/"')
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


def test_public_page_age_is_a_setting(client, home, settings):
    settings.PAGE_MAX_AGE = 60
    assert client.get("/")["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_unchanged_page_is_not_sent_again(client, home):
    etag = client.get("/")["ETag"]
    again = client.get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    home.title = "Un autre titre"
    home.seo_title = "Un autre titre"
    home.save()
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_public_page_travels_compressed(client, home):
    plain = client.get("/").content
    for encoding, decompress in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        response = client.get("/", headers={"Accept-Encoding": encoding})
        assert response["Content-Encoding"] == encoding
        assert decompress(response.content) == plain
        assert response["Content-Length"] == str(len(response.content))
    assert len(client.get("/", headers={"Accept-Encoding": "gzip, br"}).content) < len(plain) / 3


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip, deflate, br, zstd", {"gzip", "deflate", "br", "zstd"}),
        ("br;q=0, gzip;q=0.5", {"gzip"}),
        ("BR;q=0.000", set()),
        ("br;q=0.001", {"br"}),
        ("", {""}),
    ],
)
def test_accept_encoding_is_understood(header, expected):
    assert accepted_encodings(header) == expected


def test_signed_in_page_is_private_uncompressed_and_has_the_userbar(admin_client, home):
    response = admin_client.get("/", headers={"Accept-Encoding": "br"})
    assert response["Cache-Control"] == "private, no-store"
    assert "Content-Encoding" not in response
    assert "<wagtail-userbar>" in response.text
    assert "<wagtail-userbar>" not in Client().get("/").text


def test_restricted_page_is_never_shared(client, admin_client, home):
    page = StandardPageFactory(parent=home, title="Réservé", slug="reserve")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    refused = client.get("/reserve/")
    assert refused.status_code == 302
    for response in (refused, admin_client.get("/reserve/")):
        assert "private" in response["Cache-Control"]
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "make",
    [
        lambda response: response.set_cookie("choice", "1"),
        lambda response: response.__setitem__("Vary", "Accept-Language, Cookie"),
    ],
)
def test_answer_that_depends_on_a_cookie_is_private(make):
    def view(request):
        response = HttpResponse("x" * 1000)
        make(response)
        return response

    response = PublicPageMiddleware(view)(RequestFactory().get("/formulaire/", headers={"Accept-Encoding": "br"}))
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert "Content-Encoding" not in response


def test_answer_to_a_post_is_private():
    response = PublicPageMiddleware(lambda request: HttpResponse("x"))(RequestFactory().post("/x/"))
    assert response["Cache-Control"] == "private, no-store"


def test_own_policy_of_a_view_is_kept():
    view = PublicPageMiddleware(lambda request: HttpResponse("x" * 600, headers={"Cache-Control": "no-store"}))
    response = view(RequestFactory().get("/x/", headers={"Accept-Encoding": "br"}))
    assert response["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in response


def test_public_page_has_the_security_headers(client, home):
    response = client.get("/")
    public = directives(response)
    assert {name: public[name] for name in POLICY} == POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    for feature in ("camera", "microphone", "geolocation"):
        assert f"{feature}=()" in response["Permissions-Policy"]


def test_admin_alone_has_a_looser_policy(admin_client, home):
    response = admin_client.get("/admin/")
    assert directives(response)["script-src"] == "'self' 'unsafe-inline'"
    assert "public" not in response.get("Cache-Control", "")
    assert directives(admin_client.get("/"))["script-src"] == "'self'"


def test_cookies_are_protected_and_forgotten_with_the_browser(db, superuser):
    client = Client()
    client.get("/admin/login/")
    client.force_login(superuser)
    response = client.get("/admin/login/")
    assert response.status_code in {200, 302}
    assert project_settings.SESSION_COOKIE_HTTPONLY
    assert project_settings.CSRF_COOKIE_HTTPONLY
    assert project_settings.CSRF_COOKIE_AGE is None
    assert project_settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    csrf = client.cookies["csrf"]
    assert (csrf["samesite"], csrf["httponly"], csrf["max-age"]) == ("Lax", True, "")


def test_unknown_page_offers_ways_out(client, home):
    response = client.get("/cette-page-n-existe-pas/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    main = re.sub(r"\s+", " ", response.text[response.text.index("<main") : response.text.index("</main>")])
    assert "<h1>Page non trouvée</h1>" in main
    assert "Erreur 404" in main
    assert '<a class="fr-btn" href="/">' in main
    assert '<a class="fr-btn fr-btn--secondary" href="/contact/">' in main
    assert "<title>Page non trouvée – Territoires en commun</title>" in response.text


@pytest.mark.parametrize("path", ["/%00", "/" + "a" * 5000, "/..%2f..%2fetc/passwd", "/media/images/../../db.sqlite3"])
def test_hostile_path_is_not_found(client, home, path):
    assert client.get(path).status_code in {301, 404}


def test_picture_is_served_and_nothing_else_of_the_media(client, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "images").mkdir()
    (tmp_path / "documents").mkdir()
    (tmp_path / "images" / "a.webp").write_bytes(b"picture")
    (tmp_path / "documents" / "secret.pdf").write_bytes(b"secret")
    response = client.get("/media/images/a.webp")
    assert b"".join(response.streaming_content) == b"picture"
    assert response["Cache-Control"] == "public, max-age=2592000"
    for path in ("/media/documents/secret.pdf", "/media/images/../documents/secret.pdf", "/media/images/%2e%2e/x"):
        assert client.get(path).status_code == 404


@override_settings(ROOT_URLCONF="tests.base.broken_urls")
def test_stale_form_is_explained(csrf_client, home):
    response = csrf_client.post("/broken/", {"message": "Bonjour"})
    assert response.status_code == 403
    assert "<h1>Formulaire expiré</h1>" in response.text
    assert "Rien n’a été enregistré" in response.text
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("handler", "status", "title"), [("handler400", 400, "Requête incorrecte"), ("handler403", 403, "Accès refusé")]
)
def test_other_errors_are_in_french_and_in_the_frame(home, handler, status, title):
    from django.utils.module_loading import import_string

    response = import_string(getattr(project_urls, handler))(RequestFactory().get("/x/"), None)
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert "fr-header" in response.text


@override_settings(ROOT_URLCONF="tests.base.broken_urls")
def test_unexpected_error_keeps_the_frame(home):
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert "<h1>Erreur inattendue</h1>" in response.text
    assert "Erreur 500" in response.text
    assert '<header role="banner" class="fr-header">' in response.text
    assert response["Cache-Control"] == "no-store"


@override_settings(ROOT_URLCONF="tests.base.broken_urls")
def test_unexpected_error_whose_page_fails_still_says_something(home, monkeypatch):
    monkeypatch.setattr("territoires_en_commun.base.error_views.render_to_string", broken)
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert "<h1>Service indisponible</h1>" in response.text


def test_database_down_gives_the_defaults_and_keeps_nothing(db, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused")

    cache.clear()
    monkeypatch.setattr(connection, "cursor", refuse)
    info = get_site_info()
    assert info.state_lines == ["République", "française"]
    assert info.menu == ()
    monkeypatch.undo()
    SiteSettings.objects.create(tagline="De retour")
    assert get_site_info().tagline == "De retour"


CALL = """
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
application = get_wsgi_application()
for path in ("/", "/une-page/"):
    environ = RequestFactory().get(path, headers={"Host": "testserver"}).environ
    answer = application(environ, lambda status, headers: print(status))
    print(b"".join(answer).decode())
"""


@pytest.mark.parametrize("url", ["postgres://nobody:nothing@127.0.0.1:9/none", "sqlite:////nowhere/at/all/db.sqlite3"])
def test_every_page_says_sorry_when_the_database_is_down(url):
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings_test",
        "SECRET_KEY": "x" * 60,
    }
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.count("500 Internal Server Error") == 2
    assert done.stdout.count("<h1>Erreur inattendue</h1>") == 2
    assert done.stdout.count('<header role="banner" class="fr-header">') == 2
    assert done.stdout.count(">Accessibilité : non conforme</a>") == 2
    assert "OperationalError" in done.stderr


@pytest.fixture
def maintenance(settings):
    settings.MAINTENANCE = True
    return settings


def test_maintenance_answers_every_visitor(client, db, maintenance):
    response = client.get("/n-importe-ou/")
    assert response.status_code == 503
    assert response["Retry-After"] == str(MaintenanceMiddleware.retry_after)
    assert response["Cache-Control"] == "no-store"
    assert "<h1>Service indisponible</h1>" in response.text
    style = re.search(r"'sha256-[A-Za-z0-9+/=]{44}'", directives(response)["style-src"])
    assert style


def test_maintenance_lets_editors_and_probes_through(admin_client, home, maintenance):
    assert admin_client.get("/admin/").status_code == 200
    assert admin_client.get("/healthz").status_code == 200


def test_maintenance_page_is_self_contained():
    page = (project_settings.PROJECT_DIR / "templates" / "503.html").read_text()
    assert not re.search(r"{%|{{|src=|href=|url\(|@import|<script", page)
    assert '<html lang="fr">' in page
