"""What ``make run`` prepares: the ``.env`` file, the address, the editor account."""

import re
import socket
import stat

import environ
import pytest
from django.contrib.auth import authenticate, get_user_model

from territoires_en_commun.operations.environment import address_of, port_is_free, write_env_file
from territoires_en_commun.operations.prepare import (
    EDITOR_EMAIL,
    data_fingerprint,
    editor_announcement,
    static_fingerprint,
    unless_unchanged,
)
from tests.factories import TerritoryImportFactory


def test_env_file_holds_what_production_requires(tmp_path):
    path = tmp_path / ".env"
    assert write_env_file(path) is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in path.read_text().splitlines() if not line.startswith("#"))
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_URL", "EMAIL_URL"} == set(values)
    assert len(set(values["SECRET_KEY"])) > 20
    assert values["SITE_URL"] == "http://127.0.0.1:8000"
    database = environ.Env.db_url_config(values["DATABASE_URL"])
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"].endswith("/var/db.sqlite3")


def test_env_file_is_never_rewritten(tmp_path):
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine\n")
    assert write_env_file(path) is False
    assert path.read_text() == "SECRET_KEY=mine\n"


def test_env_file_has_a_new_key_each_time(tmp_path):
    write_env_file(tmp_path / "a")
    write_env_file(tmp_path / "b")
    assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("http://localhost:9000", ("127.0.0.1", 9000)),
        ("http://127.0.0.1", ("127.0.0.1", 80)),
    ],
)
def test_address_of_a_local_site(url, expected):
    assert address_of(url) == expected


@pytest.mark.parametrize("url", ["https://127.0.0.1:8000", "http://0.0.0.0:8000", "https://exemple.gouv.fr", ""])
def test_address_of_any_other_site_is_refused(url):
    with pytest.raises(ValueError, match=re.escape(f"SITE_URL vaut « {url} »")):
        address_of(url)


def test_port_is_free_sees_a_listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert port_is_free("127.0.0.1", port) is False
    assert port_is_free("127.0.0.1", port) is True


def test_work_is_due_until_done_to_the_end_then_when_its_inputs_change(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    inputs = "a"

    def is_due(fails=False):
        with unless_unchanged("work", lambda: inputs) as due:
            if fails:
                raise RuntimeError("interrompu")
        return due

    with pytest.raises(RuntimeError, match="interrompu"):
        is_due(fails=True)
    assert [is_due(), is_due()] == [True, False]
    inputs = "b"
    assert [is_due(), is_due()] == [True, False]


@pytest.mark.django_db
def test_data_fingerprint_follows_the_database():
    empty = data_fingerprint()
    assert data_fingerprint() == empty
    TerritoryImportFactory()
    assert data_fingerprint() != empty


def test_static_fingerprint_follows_the_content_of_files(tmp_path):
    file = tmp_path / "a.css"
    file.write_text("a{}")
    first = static_fingerprint([file])
    assert static_fingerprint([file]) == first
    file.write_text("b{}")
    assert static_fingerprint([file]) != first


@pytest.mark.ignore_template_errors
def test_editor_account_is_announced_once_with_a_password_that_opens_the_editor(site, client):
    announcement = editor_announcement()
    password = re.search(r"mot de passe\s+(\S+)", announcement)[1]
    assert authenticate(username=EDITOR_EMAIL, password=password) == get_user_model().objects.get(email=EDITOR_EMAIL)
    assert client.login(username=EDITOR_EMAIL, password=password)
    assert client.get("/admin/").status_code == 200
    assert password not in editor_announcement()
    assert get_user_model().objects.count() == 1
