"""Erasure of old mails and links, signs of life, the command that tries the mail server."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from territoires_en_commun.mailing.heartbeats import StaleProcess, beat, say_goodbye, stale_processes
from territoires_en_commun.mailing.models import MailAttachment, OutgoingMail, ProcessHeartbeat, UsedLink
from territoires_en_commun.mailing.services import Attachment, queue_mail
from territoires_en_commun.mailing.upkeep import erase_old_mails, forget_expired_links

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def old_mail(n: int, days: int, state: str = "sent") -> OutgoingMail:
    mail = queue_mail(
        key=f"essai:{n}",
        to="camille@exemple.fr",
        to_name="Camille",
        template="test_greeting",
        context={"person": "Camille"},
        attachments=[Attachment("a.txt", "secret", "text/plain")],
    )
    moment = NOW - timedelta(days=days)
    settled = state not in ("pending", "sending")
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=state,
        created_at=moment,
        sent_at=moment if state == "sent" else None,
        settled_at=moment if settled else None,
    )
    return mail


@pytest.mark.parametrize("state", ["sent", "cancelled", "failed", "uncertain"])
def test_content_of_old_mails_is_erased(state):
    old, young = old_mail(1, 31, state), old_mail(2, 29, state)
    assert erase_old_mails(NOW) == (1, 0)
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.text, old.html, old.subject, old.recipient_name) == ("", "", "(contenu effacé)", "")
    assert (old.erased_at, old.recipient, old.key) == (NOW, "camille@exemple.fr", "essai:1")
    assert young.text != ""
    assert list(MailAttachment.objects.values_list("mail_id", flat=True)) == [young.pk]
    assert erase_old_mails(NOW) == (0, 0), "running it again changes nothing"


def test_mails_are_forgotten_after_a_year():
    old_mail(1, 366)
    old_mail(2, 364)
    assert erase_old_mails(NOW) == (2, 1)
    assert OutgoingMail.objects.get().key == "essai:2"


def test_waiting_mails_are_never_erased():
    mail = old_mail(1, 400, "pending")
    assert erase_old_mails(NOW) == (0, 0)
    mail.refresh_from_db()
    assert mail.text != ""


def test_used_links_are_forgotten_once_expired():
    for n, days in enumerate((-2, 1)):
        UsedLink.objects.create(
            purpose="essai", token_id=str(n), used_at=NOW - timedelta(days=3), expires_at=NOW + timedelta(days=days)
        )
    assert forget_expired_links(NOW) == 1
    assert UsedLink.objects.get().token_id == "1"


def test_stale_processes_names_those_without_a_living_instance():
    assert stale_processes(NOW) == [StaleProcess("worker", None), StaleProcess("scheduler", None)]
    beat("worker", "serveur:1", NOW - timedelta(hours=1))
    beat("worker", "serveur:2", NOW - timedelta(seconds=90))
    beat("scheduler", "serveur:3", NOW - timedelta(seconds=91))
    assert stale_processes(NOW) == [StaleProcess("scheduler", NOW - timedelta(seconds=91))]
    beat("scheduler", "serveur:3", NOW)
    assert stale_processes(NOW) == []


def test_stale_processes_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        stale_processes(NOW)


def test_beat_forgets_the_instances_of_yesterday():
    beat("worker", "serveur:1", NOW - timedelta(days=2))
    beat("worker", "serveur:2", NOW)
    beat("worker", "serveur:2", NOW + timedelta(seconds=20))
    assert list(ProcessHeartbeat.objects.values_list("instance", "at")) == [("serveur:2", NOW + timedelta(seconds=20))]
    say_goodbye("worker", "serveur:2")
    assert ProcessHeartbeat.objects.count() == 0


def test_send_test_mail_queues_a_mail(capsys):
    call_command("send_test_mail", "admin@exemple.fr")
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == ("admin@exemple.fr", "Essai d’envoi de Territoires en commun")
    assert "http://testserver/" in mail.text
    assert 'href="http://testserver/"' in mail.html
    assert capsys.readouterr().out.startswith("Courriel pour admin@exemple.fr mis en attente")


def test_send_test_mail_refuses_a_bad_address():
    with pytest.raises(CommandError, match="saisissez une adresse e-mail valide"):
        call_command("send_test_mail", "admin")
    assert OutgoingMail.objects.count() == 0
