"""Queueing, cancelling, moving and relaunching mails."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone as django_timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from territoires_en_commun.mailing.messages import build_message
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import (
    Attachment,
    cancel_mail,
    cancel_mails,
    queue_mail,
    relaunch_mail,
    reschedule_mail,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINE_ENDS = ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"]
without_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def queue(**changes) -> OutgoingMail:
    arguments = {
        "key": "essai:1",
        "to": "camille@exemple.fr",
        "template": "test_greeting",
        "context": {"person": "Camille"},
    }
    return queue_mail(**arguments | changes)


def test_queue_mail_renders_and_waits(freeze):
    freeze(NOW)
    mail = queue(reply_to="organisateur@exemple.fr", to_name="Camille Durand")
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.PENDING
    assert mail.subject == "Bienvenue Camille"
    assert "Bienvenue à Camille & aux siens." in mail.text
    assert "<p>Bienvenue à Camille &amp; aux siens.</p>" in mail.html
    assert mail.purpose == "test_greeting"
    assert (mail.recipient, mail.recipient_name) == ("camille@exemple.fr", "Camille Durand")
    assert mail.reply_to == "organisateur@exemple.fr"
    assert mail.message_id == f"<{mail.uuid}@testserver>"
    assert mail.next_attempt_at == NOW


def test_queue_mail_escapes_html_but_not_text():
    mail = queue(context={"person": "<b>O'Brien & Cie</b>"})
    assert mail.subject == "Bienvenue <b>O'Brien & Cie</b>"
    assert "Bienvenue à <b>O'Brien & Cie</b> & aux siens." in mail.text
    assert "&lt;b&gt;O&#x27;Brien &amp; Cie&lt;/b&gt;" in mail.html
    assert "<b>" not in mail.html


def test_queue_mail_says_who_writes_and_the_rights_of_the_person():
    mail = queue()
    for body in (mail.text, mail.html):
        assert "contact@testserver" in body
        assert "http://testserver/donnees-personnelles/" in body
        assert "Vous recevez ce message parce que" in body
    assert "no-reply" not in mail.text + mail.html
    assert '<html lang="fr">' in mail.html
    assert "<img" not in mail.html


def test_queue_mail_twice_with_one_key_gives_one_mail():
    first = queue()
    second = queue(to="autre@exemple.fr", context={"person": "Autre"})
    assert first.pk == second.pk
    assert OutgoingMail.objects.get().recipient == "camille@exemple.fr"


def test_queue_mail_queues_nothing_when_the_transaction_fails():
    with transaction.atomic():
        queue(attachments=[Attachment("note.txt", "Bonjour", "text/plain")])
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 0


def test_queue_mail_leaves_the_transaction_usable_after_a_refusal():
    with transaction.atomic():
        with pytest.raises(ValidationError):
            queue(to="pas une adresse")
        queue()
    assert OutgoingMail.objects.count() == 1


def test_queue_mail_writes_a_cancelled_mail_anew():
    first = queue(attachments=[Attachment("a.txt", "un", "text/plain")])
    assert cancel_mail("essai:1") is True
    again = queue(context={"person": "Dominique"}, attachments=[Attachment("b.txt", "deux", "text/plain")])
    again.refresh_from_db()
    assert again.pk == first.pk
    assert (again.state, again.subject, again.settled_at) == ("pending", "Bienvenue Dominique", None)
    assert [file.name for file in again.attachments.all()] == ["b.txt"]


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        (" Camille@Exemple.FR ", "Camille@exemple.fr"),
        ("camille+agenda@exemple.fr", "camille+agenda@exemple.fr"),
        ("o'brien@exemple.fr", "o'brien@exemple.fr"),
        ("maire@mairie-évreux.fr", "maire@mairie-évreux.fr"),
    ],
)
def test_queue_mail_accepts_real_addresses(given_address, kept):
    assert queue(to=given_address).recipient == kept


@pytest.mark.parametrize(
    "address",
    [
        "",
        "camille",
        "@exemple.fr",
        "a b@exemple.fr",
        "camille@exemple.fr, autre@exemple.fr",
        "Camille <camille@exemple.fr>",
        "a" * 65 + "@exemple.fr",
        "a@" + "b" * 250 + ".fr",
        "camille@exemple.fr\nBcc: autre@exemple.fr",
    ],
)
@pytest.mark.parametrize(("field", "label"), [("to", "Adresse du destinataire"), ("reply_to", "Adresse de réponse")])
def test_queue_mail_refuses_bad_addresses_in_french(field, label, address):
    if field == "reply_to" and not address:
        address = "?"
    with pytest.raises(ValidationError) as refusal:
        queue(**{field: address})
    assert refusal.value.messages[0].startswith(f"{label} : ")
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_queue_mail_refuses_forged_headers(line_end):
    forged = f"Camille{line_end}Bcc: victime@exemple.fr"
    refused = "les retours à la ligne et les caractères de contrôle sont refusés."
    for changes, label in (
        ({"context": {"person": forged}}, "Sujet"),
        ({"to_name": forged}, "Nom du destinataire"),
        ({"to": f"a@exemple.fr{line_end}x"}, "Adresse du destinataire"),
        ({"reply_to": f"a@exemple.fr{line_end}x"}, "Adresse de réponse"),
        ({"attachments": [Attachment(forged, b"")]}, "Nom de la pièce jointe"),
        ({"unsubscribe_url": f"http://testserver/x{line_end}y"}, "Adresse de désabonnement"),
    ):
        with pytest.raises(ValidationError) as refusal:
            queue(**changes)
        assert refusal.value.messages == [f"{label} : {refused}"]
    assert OutgoingMail.objects.count() == 0


@without_database
@given(person=st.text(max_size=300))
def test_queue_mail_never_lets_a_name_forge_a_header(person):
    OutgoingMail.objects.all().delete()
    try:
        mail = queue(context={"person": person}, to_name=person[:150])
    except ValidationError:
        event("refused")
        return
    event("queued")
    message = build_message(mail).message()
    head = message.as_bytes().split(b"\n\n")[0].decode("ascii")
    names = [line.split(":")[0] for line in head.splitlines() if line[0] not in " \t"]
    assert sorted(names) == sorted(
        [
            "Content-Type",
            "MIME-Version",
            "Subject",
            "From",
            "To",
            "Message-ID",
            "Date",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
        ]
    )


@pytest.mark.parametrize("person", ["Zoé 🌻", "مرحبا", "Le Goff-N’Diaye", "<b>", "Ÿ" * 200, "e\u0301lu"])
def test_queue_mail_accepts_names_of_every_kind(person):
    assert queue(context={"person": person}).subject == f"Bienvenue {person}"


@pytest.mark.parametrize(("length", "subject"), [(245, "x" * 245), (246, "x" * 244 + "…"), (2_000, "x" * 244 + "…")])
def test_queue_mail_cuts_a_subject_of_more_than_255_characters(length, subject):
    assert queue(context={"person": "x" * length}).subject == f"Bienvenue {subject}"


@pytest.mark.parametrize("key", ["", "Majuscule", "espace ici", "é", "a" * 201, "a\n", "-tiret"])
def test_queue_mail_refuses_a_bad_key(key):
    with pytest.raises(ValueError, match="Bad mail key"):
        queue(key=key)


@pytest.mark.parametrize("template", ["", "../secret", "Essai", "a//b", "essai.txt"])
def test_queue_mail_refuses_a_bad_template_name(template):
    with pytest.raises(ValueError, match="Bad mail template name"):
        queue(template=template)


def test_queue_mail_keeps_attachments():
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Réunion\r\nEND:VCALENDAR\r\n"
    mail = queue(
        attachments=[
            Attachment("invitation.ics", calendar, "text/calendar; method=REQUEST"),
            Attachment("affiche é.pdf", b"%PDF-1.7\x00", "application/pdf"),
        ]
    )
    assert [(file.name, bytes(file.content)) for file in mail.attachments.all()] == [
        ("invitation.ics", calendar.encode()),
        ("affiche é.pdf", b"%PDF-1.7\x00"),
    ]


@pytest.mark.parametrize(
    ("attachment", "message"),
    [
        (Attachment("", b""), "Nom de la pièce jointe : nom de fichier invalide."),
        (Attachment("../etc/passwd", b""), "Nom de la pièce jointe : nom de fichier invalide."),
        (Attachment("a.txt", b"", "n'importe quoi"), "Type de la pièce jointe : type inconnu."),
        (Attachment("a.txt", b"", "text/plain\r\nX: y"), "Type de la pièce jointe : type inconnu."),
        (Attachment("a.txt", b"\xff", "text/plain"), "Pièce jointe : un texte doit être codé en UTF-8."),
        (Attachment("a.bin", bytes(7 * 1024 * 1024 + 1)), "Pièces jointes : 7 Mo au plus en tout."),
    ],
)
def test_queue_mail_refuses_bad_attachments(attachment, message):
    with pytest.raises(ValidationError) as refusal:
        queue(attachments=[attachment])
    assert refusal.value.messages == [message]
    assert OutgoingMail.objects.count() == 0


def test_queue_mail_refuses_to_unsubscribe_elsewhere_in_clear():
    with pytest.raises(ValidationError):
        queue(unsubscribe_url="http://ailleurs.exemple.fr/x")
    assert queue(unsubscribe_url="http://testserver/d/x").unsubscribe_url == "http://testserver/d/x"


def test_cancel_mail_cancels_what_waits():
    queue()
    assert cancel_mail("essai:1") is True
    assert cancel_mail("essai:1") is False
    assert cancel_mail("essai:inconnu") is False
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.settled_at is not None) == ("cancelled", True)


def test_cancel_mail_can_not_take_back_what_was_handed_over():
    mail = queue()
    now = django_timezone.now()
    OutgoingMail.objects.update(
        state="sending", lease_token=mail.uuid, lease_until=now + timedelta(minutes=1), handed_over_at=now
    )
    assert cancel_mail("essai:1") is False
    assert OutgoingMail.objects.get().state == "sending"


def test_cancel_mails_takes_whole_steps_of_the_key():
    for key in ("inscription:12:j-7", "inscription:12:j-1", "inscription:123:j-7", "inscription_12:j-7"):
        queue(key=key)
    assert cancel_mails("inscription:12:") == 2
    waiting = OutgoingMail.objects.filter(state="pending").order_by("key").values_list("key", flat=True)
    assert list(waiting) == ["inscription:123:j-7", "inscription_12:j-7"]


@pytest.mark.parametrize("prefix", ["", "inscription:12", "%:"])
def test_cancel_mails_refuses_a_dangerous_prefix(prefix):
    queue()
    with pytest.raises(ValueError, match="Bad mail key"):
        cancel_mails(prefix)
    assert OutgoingMail.objects.get().state == "pending"


def test_reschedule_mail_moves_what_waits(freeze):
    freeze(NOW)
    queue(not_before=NOW + timedelta(days=7))
    assert reschedule_mail("essai:1", NOW + timedelta(days=1)) is True
    mail = OutgoingMail.objects.get()
    assert mail.next_attempt_at == mail.dated_at == NOW + timedelta(days=1)
    cancel_mail("essai:1")
    assert reschedule_mail("essai:1", NOW) is False


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_relaunch_mail_puts_a_failed_mail_back(state):
    mail = queue()
    OutgoingMail.objects.update(
        state=state, attempts=20, settled_at=django_timezone.now(), handed_over_at=django_timezone.now()
    )
    relaunch_mail(mail_id=mail.pk)
    again = OutgoingMail.objects.get()
    assert (again.state, again.attempts, again.handed_over_at, again.settled_at) == ("pending", 0, None, None)
    assert again.message_id == mail.message_id


@pytest.mark.parametrize(("state", "label"), [("pending", "à envoyer"), ("sent", "envoyé"), ("cancelled", "annulé")])
def test_relaunch_mail_refuses_other_states(state, label):
    mail = queue()
    moment = django_timezone.now()
    dates = {} if state == "pending" else {"settled_at": moment}
    OutgoingMail.objects.update(state=state, sent_at=moment if state == "sent" else None, **dates)
    with pytest.raises(ValidationError, match=f"« {label} »"):
        relaunch_mail(mail_id=mail.pk)
    assert OutgoingMail.objects.get().state == state


def test_relaunch_mail_refuses_an_erased_mail():
    mail = queue()
    moment = django_timezone.now()
    OutgoingMail.objects.update(state="failed", settled_at=moment, erased_at=moment)
    with pytest.raises(ValidationError, match="a été effacé"):
        relaunch_mail(mail_id=mail.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "sending"},
        {"state": "sent", "settled_at": NOW},
        {"state": "pending", "sent_at": NOW},
        {"state": "failed"},
        {"state": "pending", "settled_at": NOW},
    ],
)
def test_mail_states_are_kept_coherent_by_the_database(changes):
    queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(**changes)
