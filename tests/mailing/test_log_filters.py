"""No token of a signed link in the logs."""

import io
import logging
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.tokens import default_token_generator

from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.log_filters import CutTokens, cut_tokens
from tests.factories import UserFactory
from tests.mailing.link_urls import MANY

LINK = SignedLink("essai-journal", lifetime=timedelta(days=1))


@pytest.fixture
def log():
    """What the console handler of the settings would write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(CutTokens())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_cut_tokens_keeps_everything_else():
    token = LINK.token("inscription-12")
    assert cut_tokens(f"Not Found: /lien/{token}/ (410)") == "Not Found: /lien/[jeton]/ (410)"
    for text in ("/static/app.3f2a1b.css", "1.2.3", "/agenda/2026-11-23/", "camille@exemple.fr", "a" * 80):
        assert cut_tokens(text) == text
    assert cut_tokens("GET /recherche/?q=Camille+Durand HTTP/1.1") == "GET /recherche/?… HTTP/1.1"


@pytest.mark.django_db
def test_cut_tokens_cuts_the_links_that_choose_a_password():
    token = default_token_generator.make_token(UserFactory())
    assert cut_tokens(f"/admin/password_reset/confirm/MQ/{token}/") == "/admin/password_reset/confirm/MQ/[jeton]/"


@pytest.mark.parametrize("payload", ["1", "2f1c3f0e-8d9b-4a57-9a43-6f1f9a1f2b3c", "x" * 120])
def test_cut_tokens_cuts_every_token(payload):
    for _ in range(50):
        assert cut_tokens(f"/a/{LINK.token(payload)}/b") == "/a/[jeton]/b"


@pytest.mark.django_db
def test_refused_link_is_logged_without_its_token(client, settings, log):
    settings.ROOT_URLCONF = "tests.mailing.link_urls"
    token = MANY.token("12")
    assert client.get(f"/lien/unique/{token}/").status_code == 404
    written = log.getvalue()
    assert "/lien/unique/[jeton]/" in written
    assert token not in written
    assert token.rsplit(".", 1)[1] not in written


def test_traceback_is_logged_without_its_token(log):
    token = LINK.token("12")
    try:
        raise ValueError(f"bad {token}")
    except ValueError:
        logging.getLogger("essai").exception("Échec sur %s", token)
    written = log.getvalue()
    assert "Échec sur [jeton]" in written
    assert "ValueError: bad [jeton]" in written
    assert token not in written


def test_console_handler_has_the_filter():
    logging_settings = django_settings.LOGGING
    assert logging_settings["handlers"]["console"]["filters"] == ["tokens"]
    assert logging_settings["filters"]["tokens"] == {"()": "territoires_en_commun.mailing.log_filters.CutTokens"}
