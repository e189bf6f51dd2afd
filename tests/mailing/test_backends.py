"""The .eml files of `make run`."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import environ
import pytest
from django.core import mail

from territoires_en_commun.mailing.backends import EmlBackend
from territoires_en_commun.mailing.sending import send_due_mails
from territoires_en_commun.mailing.services import queue_mail

NOW = datetime(2026, 3, 29, 13, 30, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "territoires_en_commun.mailing.backends.EmlBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    return settings.EMAIL_FILE_PATH


@pytest.mark.django_db
def test_eml_backend_writes_one_readable_file_per_mail(folder, freeze):
    freeze(NOW)
    for n in range(2):
        queue_mail(key=f"a:{n}", to="Marie.Durand@exemple.fr", template="test_greeting", context={"person": "Zoé"})
    assert send_due_mails().sent == 2
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert all(name.startswith("2026-03-29-153000-marie-durand-exemple-fr-") for name in names)
    assert all(name.endswith(".eml") for name in names)
    message = message_from_bytes((folder / names[0]).read_bytes(), policy=policy.default)
    assert message["Subject"] == "Bienvenue Zoé"
    assert message["To"] == "Marie.Durand@exemple.fr"


def test_eml_backend_writes_the_same_message_once(folder):
    message = mail.EmailMessage(
        "Sujet",
        "Texte",
        to=["a@exemple.fr"],
        headers={"Message-ID": "<1@x>", "Date": "Mon, 23 Nov 2026 10:00:00 +0100"},
    )
    assert EmlBackend().send_messages([message, message]) == 2
    assert len(list(folder.iterdir())) == 1


def test_eml_backend_takes_the_mails_of_django_and_wagtail(folder):
    assert mail.send_mail("Mot de passe", "Bonjour", None, ["../../etc/passwd@exemple.fr"]) == 1
    (path,) = folder.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}-etcpasswd-exemple-fr-[0-9a-f]{8}\.eml", path.name)


def test_eml_backend_ignores_a_mail_without_recipient(folder):
    assert EmlBackend().send_messages([mail.EmailMessage("Sujet", "Texte")]) == 0
    assert not folder.exists()


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("eml://", "EmlBackend"),
        ("smtp://relais.exemple.fr:25", "SmtpBackend"),
        ("smtp+tls://u:p@relais.exemple.fr:587", "SmtpBackend"),
    ],
)
def test_email_url_chooses_the_backend(url, backend):
    assert environ.Env.email_url_config(url)["EMAIL_BACKEND"] == f"territoires_en_commun.mailing.backends.{backend}"
