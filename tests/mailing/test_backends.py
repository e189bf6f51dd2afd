"""The .eml files of `make run`."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.mime.text import MIMEText

import environ
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction

from territoires_en_commun.mailing.backends import EmlBackend
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.sending import send_due_mails
from territoires_en_commun.mailing.services import queue_mail
from tests.factories import UserFactory

NOW = datetime(2026, 3, 29, 13, 30, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAILING_TRANSPORT = settings.EMAIL_BACKEND = "territoires_en_commun.mailing.backends.EmlBackend"
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


@pytest.fixture
def outbox_backend(settings, db):
    settings.EMAIL_BACKEND = "territoires_en_commun.mailing.backends.OutboxBackend"


@pytest.mark.usefixtures("outbox_backend")
def test_outbox_backend_takes_the_mails_of_django(smtp):
    message = mail.EmailMultiAlternatives(
        "Modération :\n une page",
        "Texte",
        None,
        ["Zoé <zoe@exemple.fr>"],
        bcc=["b@exemple.fr"],
        reply_to=["R <r@exemple.fr>"],
    )
    message.attach_alternative("<p>Texte</p>", "text/html")
    message.attach("note.txt", "Bonjour", "text/plain")
    message.attach(MIMEText("Au revoir", "plain"))
    assert message.send() == 1
    assert smtp.deliveries == [], "nothing leaves before the worker"
    assert send_due_mails().sent == 2
    assert smtp.recipients() == ["b@exemple.fr", "zoe@exemple.fr"]
    received = next(delivery.message for delivery in smtp.deliveries if delivery.recipient == "zoe@exemple.fr")
    assert (received["To"], received["Subject"]) == ("Zoé <zoe@exemple.fr>", "Modération : une page")
    assert (received["Reply-To"], received["Bcc"]) == ("r@exemple.fr", None)
    assert "b@exemple.fr" not in received.as_string()
    assert [part.get_content().strip() for part in received.iter_attachments()] == ["Bonjour", "Au revoir"]


@pytest.mark.usefixtures("outbox_backend")
def test_outbox_backend_sends_plain_text_without_an_html_version(smtp):
    assert mail.send_mail("Sujet", "Texte seul", None, ["a@exemple.fr"]) == 1
    send_due_mails()
    assert smtp.deliveries[0].message.get_content_type() == "text/plain"


@pytest.mark.usefixtures("outbox_backend")
def test_outbox_backend_gives_a_text_version_to_html_mails():
    message = mail.EmailMessage("Sujet", "<p>Bonjour</p>", to=["a@exemple.fr"])
    message.content_subtype = "html"
    message.send()
    queued = OutgoingMail.objects.get()
    assert (queued.text, queued.html) == ("Bonjour", "<p>Bonjour</p>")


@pytest.mark.usefixtures("outbox_backend")
def test_outbox_backend_queues_nothing_when_the_transaction_fails():
    with transaction.atomic():
        mail.send_mail("Sujet", "Texte", None, ["a@exemple.fr"])
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 0


@pytest.mark.usefixtures("outbox_backend")
def test_outbox_backend_refuses_bad_mails_unless_told_to_be_silent():
    with pytest.raises(ValidationError, match="Adresse du destinataire"):
        mail.send_mail("Sujet", "Texte", None, ["a@exemple.fr", "pas une adresse"])
    assert mail.send_mail("Sujet", "Texte", None, ["pas une adresse"], fail_silently=True) == 0
    assert OutgoingMail.objects.count() == 0, "all the recipients or none"


@pytest.mark.usefixtures("outbox_backend")
def test_new_password_of_wagtail_waits_in_the_outbox(client):
    UserFactory(email="agent@exemple.fr", superuser=True)
    client.post("/admin/password_reset/", {"email": "agent@exemple.fr"})
    queued = OutgoingMail.objects.get()
    assert (queued.recipient, queued.state, queued.purpose) == ("agent@exemple.fr", "pending", "django")


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
