"""Sending through a real SMTP server: contents, retries, refusals, doubts."""

import smtplib
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.core import mail as django_mail

from territoires_en_commun.mailing import backends
from territoires_en_commun.mailing.failures import diagnose
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.sending import claim_next, retry_delay, send_due_mails
from territoires_en_commun.mailing.services import Attachment, queue_mail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
State = OutgoingMail.State


def queue(n: int = 0, **changes) -> OutgoingMail:
    arguments = {
        "key": f"essai:{n}",
        "to": f"p{n}@exemple.fr",
        "template": "test_greeting",
        "context": {"person": f"P{n}"},
    }
    return queue_mail(**arguments | changes)


def outcome(mail: OutgoingMail) -> tuple:
    mail.refresh_from_db()
    return mail.state, mail.attempts, mail.last_error


@pytest.fixture(autouse=True)
def stopped_clock(freeze):
    freeze(NOW)


def test_send_due_mails_delivers_both_versions(smtp):
    mail = queue(to_name="Élodie N’Diaye", reply_to="organisateur@exemple.fr")
    report = send_due_mails()
    assert (report.sent, report.failed, report.retried, report.uncertain) == (1, 0, 0, 0)
    assert outcome(mail) == (State.SENT, 1, "")
    assert (mail.sent_at, mail.settled_at, mail.lease_token) == (NOW, NOW, None)
    message = smtp.deliveries[0].message
    assert message["To"] == "Élodie N’Diaye <p0@exemple.fr>"
    assert message["From"] == "Territoires en commun <contact@testserver>"
    assert message["Reply-To"] == "organisateur@exemple.fr"
    assert message["Subject"] == "Bienvenue P0"
    assert message["Message-ID"] == mail.message_id
    assert message["Date"] == "Mon, 23 Nov 2026 10:00:00 +0100"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain, html = message.iter_parts()
    assert "\n.Cette ligne commence par un point.\n" in plain.get_content().replace("\r\n", "\n")
    assert "Bienvenue à P0 &amp; aux siens." in html.get_content()


@pytest.mark.parametrize(
    "name", ["Le Goff, Yann", 'Camille "Cam" Durand\\', "Zoé 🌻" * 20, "مرحبا بكم " * 12, "a@b.fr <c@d.fr>", "x" * 150]
)
def test_send_due_mails_writes_names_of_every_kind(name, smtp):
    queue(to="maire@mairie-évreux.fr", to_name=name)
    assert send_due_mails().sent == 1
    assert smtp.recipients() == ["maire@xn--mairie-vreux-heb.fr"]
    encoded, address = parseaddr(message_from_bytes(smtp.deliveries[0].raw)["To"].replace("\r\n", ""))
    assert str(make_header(decode_header(encoded))) == name.strip()
    assert address == "maire@xn--mairie-vreux-heb.fr"


def test_send_due_mails_adds_attachments_and_one_click_unsubscription(smtp):
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Réunion\r\nEND:VCALENDAR\r\n"
    queue(
        attachments=[
            Attachment("séance.ics", calendar, "text/calendar; method=REQUEST"),
            Attachment("affiche.pdf", b"%PDF-\x00\xff", "application/pdf"),
        ],
        unsubscribe_url="http://testserver/desabonnement/jeton/",
    )
    send_due_mails()
    message = smtp.deliveries[0].message
    assert message["List-Unsubscribe"] == "<http://testserver/desabonnement/jeton/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ics, pdf = message.iter_attachments()
    assert (ics.get_filename(), ics.get_content_type()) == ("séance.ics", "text/calendar")
    assert ics["Content-Type"].params["method"] == "REQUEST"
    assert ics.get_content().replace("\r\n", "\n") == calendar.replace("\r\n", "\n")
    assert (pdf.get_filename(), pdf.get_content()) == ("affiche.pdf", b"%PDF-\x00\xff")


def test_send_due_mails_waits_for_the_date(smtp, freeze):
    queue(not_before=NOW + timedelta(days=1))
    assert send_due_mails().sent == 0
    assert send_due_mails(NOW + timedelta(days=1)).sent == 1
    assert smtp.recipients() == ["p0@exemple.fr"]


def test_send_due_mails_drops_what_became_useless(smtp):
    mail = queue(expires_at=NOW + timedelta(minutes=15))
    report = send_due_mails(NOW + timedelta(minutes=15))
    assert (report.sent, report.dropped) == (0, 1)
    assert outcome(mail) == (State.CANCELLED, 0, "Devenu inutile avant d’avoir pu être envoyé.")
    assert smtp.deliveries == []


def test_send_due_mails_stops_at_its_limit_or_when_asked(smtp):
    for n in range(4):
        queue(n)
    assert send_due_mails(limit=2).sent == 2
    assert send_due_mails(should_stop=lambda: True).sent == 0
    assert send_due_mails().sent == 2


@pytest.mark.parametrize("stage", ["rcpt", "data", "content"])
def test_send_due_mails_gives_up_at_once_on_a_permanent_refusal(stage, smtp):
    refused, other = queue(0), queue(1)
    smtp.hooks[stage] = lambda recipient: "550 5.1.1 Inconnu ici" if recipient == "p0@exemple.fr" else None
    report = send_due_mails()
    assert (report.sent, report.failed) == (1, 1)
    what = "le destinataire" if stage == "rcpt" else "le message"
    assert outcome(refused) == (State.FAILED, 1, f"Le serveur a refusé {what} : 550 5.1.1 Inconnu ici")
    assert outcome(other)[0] == State.SENT
    assert refused.handed_over_at is None


@pytest.mark.parametrize("stage", ["rcpt", "data", "content", "mail"])
def test_send_due_mails_tries_again_after_a_temporary_refusal(stage, smtp):
    mail = queue()
    smtp.hooks[stage] = lambda recipient: "451 4.7.1 Revenez plus tard"
    report = send_due_mails()
    assert (report.sent, report.retried) == (0, 1)
    assert outcome(mail)[:2] == (State.PENDING, 1)
    assert "451 4.7.1 Revenez plus tard" in mail.last_error
    assert timedelta(seconds=48) <= mail.next_attempt_at - NOW <= timedelta(seconds=72)
    smtp.hooks.clear()
    assert send_due_mails(NOW + timedelta(seconds=30)).sent == 0
    assert send_due_mails(NOW + timedelta(seconds=73)).sent == 1
    assert outcome(mail) == (State.SENT, 2, "")
    assert smtp.recipients() == ["p0@exemple.fr"]


def test_send_due_mails_gives_up_after_the_last_attempt(smtp, settings):
    settings.MAILING_MAX_ATTEMPTS = 3
    mail = queue()
    smtp.hooks["rcpt"] = lambda recipient: "450 Boite pleine"
    states = []
    for day in range(4):
        send_due_mails(NOW + timedelta(days=day))
        states.append(outcome(mail)[:2])
    assert states == [(State.PENDING, 1), (State.PENDING, 2), (State.FAILED, 3), (State.FAILED, 3)]


def test_send_due_mails_leaves_the_others_alone_when_the_server_is_down(smtp, settings):
    first, second = queue(0), queue(1)
    settings.EMAIL_PORT = 1
    report = send_due_mails()
    assert (report.relay_down, report.retried) == (True, 1)
    assert outcome(first)[:2] == (State.PENDING, 1)
    assert "ne répond pas" in first.last_error
    assert outcome(second) == (State.PENDING, 0, "")


def test_send_due_mails_does_not_spend_mails_on_a_refused_sender(smtp):
    mails = [queue(n) for n in range(3)]
    smtp.hooks["mail"] = lambda recipient: "553 Expediteur interdit"
    report = send_due_mails()
    assert (report.relay_down, report.failed, report.retried) == (True, 0, 1)
    assert [outcome(mail)[0] for mail in mails] == [State.PENDING] * 3


def test_send_due_mails_doubts_when_the_final_answer_never_comes(smtp, monkeypatch):
    monkeypatch.setattr(backends, "FINAL_REPLY_TIMEOUT", 0.3)
    mail, other = queue(0), queue(1)

    def too_slow(recipient):
        if recipient == "p0@exemple.fr":
            threading.Event().wait(1)

    smtp.hooks["accepted"] = too_slow
    report = send_due_mails()
    assert (report.sent, report.uncertain) == (1, 1)
    state, attempts, error = outcome(mail)
    assert (state, attempts) == (State.UNCERTAIN, 1)
    assert error.startswith("Le serveur de courriel n’a pas dit s’il acceptait le message")
    assert outcome(other)[0] == State.SENT
    assert send_due_mails(NOW + timedelta(days=1)).sent == 0
    assert smtp.recipients().count("p0@exemple.fr") == 1


def test_send_due_mails_recovers_what_a_dead_worker_held(smtp, settings):
    early, late, worn = queue(0), queue(1), queue(2)
    for mail in (early, late, worn):
        assert claim_next(NOW).pk == mail.pk
    OutgoingMail.objects.filter(pk=late.pk).update(handed_over_at=NOW)
    OutgoingMail.objects.filter(pk=worn.pk).update(attempts=settings.MAILING_MAX_ATTEMPTS)
    assert send_due_mails(NOW + timedelta(seconds=settings.MAILING_LEASE_SECONDS - 1)).sent == 0
    report = send_due_mails(NOW + timedelta(seconds=settings.MAILING_LEASE_SECONDS))
    assert (report.sent, report.uncertain) == (1, 1)
    assert outcome(early)[:2] == (State.SENT, 2)
    assert outcome(late)[:2] == (State.UNCERTAIN, 1)
    assert outcome(worn)[0] == State.FAILED
    assert smtp.recipients() == ["p0@exemple.fr"]


def test_one_broken_mail_does_not_stop_the_others(smtp):
    broken, other = queue(0), queue(1)
    OutgoingMail.objects.filter(pk=broken.pk).update(subject="Forgé\nBcc: x@exemple.fr")
    report = send_due_mails()
    assert (report.sent, report.retried) == (1, 1)
    assert outcome(broken)[:2] == (State.PENDING, 1)
    assert "BadHeaderError" in broken.last_error
    assert outcome(other)[0] == State.SENT


def test_send_due_mails_works_with_any_backend_of_django(settings):
    settings.MAILING_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    mail = queue()
    assert send_due_mails().sent == 1
    assert [message.to for message in django_mail.outbox] == [["p0@exemple.fr"]]
    assert outcome(mail)[0] == State.SENT
    assert mail.handed_over_at == NOW


def test_retry_delay_doubles_to_six_hours_with_some_chance():
    minutes = [retry_delay(n, lambda: 0.5) / timedelta(minutes=1) for n in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert retry_delay(1, lambda: 0.0) == timedelta(seconds=48)
    assert retry_delay(1, lambda: 1.0) == timedelta(seconds=72)
    assert retry_delay(10_000, lambda: 0.5) == timedelta(hours=6)


def test_attempts_span_about_three_days(settings):
    total = sum((retry_delay(n, lambda: 0.5) for n in range(1, settings.MAILING_MAX_ATTEMPTS)), timedelta())
    assert timedelta(days=2.5) < total < timedelta(days=4)


def test_diagnose_keeps_replies_printable():
    reply = b"Non\r\n\x00\xe9" + b"x" * 600
    failure = diagnose(smtplib.SMTPDataError(554, reply), handed_over=True)
    assert failure.permanent
    assert not failure.uncertain
    assert len(failure.message) == 500
    assert failure.message.startswith("Le serveur a refusé le message : 554 Non �x")
