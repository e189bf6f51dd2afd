"""Settings: what production refuses, and what the scheme of SITE_URL drives."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "sqlite:///:memory:",
    "SITE_URL": "https://territoires-en-commun.exemple.fr",
}
PRINT_SETTINGS = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


def run_python(*arguments, **variables) -> subprocess.CompletedProcess:
    """Run Python in the project with these variables only, so that nothing of this machine leaks in."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings", **variables}
    environment.setdefault("DOTENV_PATH", os.devnull)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def read_settings(*names, **variables) -> dict:
    result = run_python("-c", PRINT_SETTINGS, *names, **variables)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_settings_without_a_required_variable_stop_with_one_sentence(missing):
    result = run_python("manage.py", "check", **{k: v for k, v in PRODUCTION.items() if k != missing})

    assert result.returncode == 1
    assert result.stderr == (
        f"Démarrage impossible : la variable d'environnement {missing} manque (voir .env.example).\n"
    )


def test_settings_in_development_need_no_variable():
    assert read_settings("DEBUG", DEBUG="1") == {"DEBUG": True}


def test_settings_on_https_protect_cookies_and_redirect():
    names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE"]

    assert read_settings(*names, "SECURE_HSTS_INCLUDE_SUBDOMAINS", **PRODUCTION) == {
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }


def test_settings_on_local_http_keep_cookies_usable():
    local = PRODUCTION | {"SITE_URL": "http://127.0.0.1:8000"}

    assert read_settings("SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", **local) == {
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_SECURE": False,
    }


def test_settings_never_call_out_from_the_admin():
    names = ["WAGTAIL_GRAVATAR_PROVIDER_URL", "WAGTAIL_ENABLE_UPDATE_CHECK", "WAGTAILEMBEDS_FINDERS"]

    assert read_settings(*names, **PRODUCTION) == {
        "WAGTAIL_GRAVATAR_PROVIDER_URL": None,
        "WAGTAIL_ENABLE_UPDATE_CHECK": False,
        "WAGTAILEMBEDS_FINDERS": [],
    }


def test_settings_refuse_shared_passwords():
    names = ["WAGTAIL_PRIVATE_PAGE_OPTIONS", "WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS"]

    assert read_settings(*names, **PRODUCTION) == {name: {"SHARED_PASSWORD": False} for name in names}


def test_session_of_the_admin_lasts_eight_hours_at_most():
    names = ["SESSION_COOKIE_AGE", "SESSION_EXPIRE_AT_BROWSER_CLOSE", "SESSION_COOKIE_HTTPONLY"]

    assert read_settings(*names, **PRODUCTION) == {
        "SESSION_COOKIE_AGE": 28_800,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
    }


def test_check_deploy_has_no_warning():
    result = run_python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (result.returncode, "no issues" in result.stdout) == (0, True), result.stderr
