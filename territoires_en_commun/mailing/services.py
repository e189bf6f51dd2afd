"""Writing to the outbox. Nothing here talks to a mail server: a worker sends (see sending.py)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import Message
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import strip_tags

from territoires_en_commun.mailing.composing import (
    Attachment,
    check_address,
    check_attachments,
    check_body,
    check_header,
    check_key,
    check_unsubscribe_url,
    render,
)
from territoires_en_commun.mailing.models import MailAttachment, OutgoingMail

__all__ = [
    "Attachment",
    "cancel_mail",
    "cancel_mails",
    "erase_mails",
    "queue_django_message",
    "queue_mail",
    "relaunch_mail",
    "reschedule_mail",
]

State = OutgoingMail.State
# What is left of the content of a mail that was erased.
NO_CONTENT = {"subject": "(contenu effacé)", "text": "", "html": "", "recipient_name": "", "unsubscribe_url": ""}


def queue_mail(  # noqa: PLR0913 - the contract of every room, keyword-only
    *,
    key: str,
    to: str,
    template: str,
    context: Mapping,
    reply_to: str = "",
    to_name: str = "",
    attachments: Sequence[Attachment] = (),
    unsubscribe_url: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutgoingMail:
    """Put a mail in the outbox, inside the caller's transaction: a rollback queues nothing.

    The same key twice gives the existing row and no second mail, unless that row was cancelled before being sent: it
    is then written anew. `not_before` delays the mail; after `expires_at` it is dropped rather than sent late.
    `unsubscribe_url` adds the one-click headers of RFC 8058.

    Raise ValidationError (in French) on a bad address, a forged header or attachments of more than 7 MB; ValueError
    on a bad key or template name.
    """
    existing = OutgoingMail.objects.filter(key=check_key(key)).first()
    if existing and existing.state != State.CANCELLED:
        return existing
    now = timezone.now()
    content = render(template, dict(context))
    fields = _checked_people(to, to_name, reply_to) | {
        "purpose": template,
        "subject": content.subject,
        "text": content.text,
        "html": content.html,
        "unsubscribe_url": check_unsubscribe_url(unsubscribe_url),
        "dated_at": max(now, not_before or now),
        "next_attempt_at": max(now, not_before or now),
        "expires_at": expires_at,
    }
    return _write(key, fields, check_attachments(attachments), existing)


def queue_django_message(message: EmailMessage) -> list[OutgoingMail]:
    """Put a mail written by Django or Wagtail in the outbox, one row for each recipient.

    The sender is always ours. Raise ValidationError as `queue_mail` does.
    """
    now = timezone.now()
    text, html = str(message.body), ""
    if message.content_subtype == "html":
        text, html = strip_tags(text), text
    for alternative, kind in getattr(message, "alternatives", []):
        html = alternative if kind == "text/html" else html
    fields = {
        "purpose": "django",
        "subject": check_header(" ".join(str(message.subject).split()), "Sujet", 255),
        "text": check_body(text, "Texte"),
        "html": check_body(html, "Version HTML"),
        "dated_at": now,
        "next_attempt_at": now,
    }
    files = check_attachments([_django_attachment(attachment) for attachment in message.attachments])
    reply_to = parseaddr(message.reply_to[0])[1] if message.reply_to else ""
    people = [parseaddr(str(recipient)) for recipient in message.recipients()]
    checked = [_checked_people(address, name, reply_to) for name, address in people]
    with transaction.atomic():
        return [_write(f"django:{uuid.uuid4()}", fields | person, files, None) for person in checked]


def _django_attachment(attachment) -> Attachment:
    """From what EmailMessage.attach keeps: a part, or a tuple of name, content and type."""
    if isinstance(attachment, Message):
        name, kind = attachment.get_filename(), attachment.get_content_type()
        content = attachment.get_payload(decode=True)
    else:
        name, content, kind = attachment
    return Attachment(name or "piece-jointe", content, kind or "application/octet-stream")


def _checked_people(to: str, to_name: str, reply_to: str) -> dict:
    return {
        "recipient": check_address(to, "Adresse du destinataire"),
        "recipient_name": check_header(to_name, "Nom du destinataire", 150),
        "reply_to": check_address(reply_to, "Adresse de réponse") if reply_to else "",
    }


def _write(key: str, fields: dict, files: list, existing: OutgoingMail | None) -> OutgoingMail:
    """Write a row and its attachments; the existing row when another transaction was faster."""
    with transaction.atomic():
        mail = _revive(key, fields) if existing else _create(key, fields)
        if mail is None:
            return OutgoingMail.objects.get(key=key)
        MailAttachment.objects.bulk_create(
            [MailAttachment(mail=mail, name=name, content_type=kind, content=data) for name, kind, data in files]
        )
    return mail


def _create(key: str, fields: dict) -> OutgoingMail | None:
    """The new row, or None when another transaction has just written this key."""
    identifier = uuid.uuid4()
    try:
        with transaction.atomic():
            return OutgoingMail.objects.create(
                key=key, uuid=identifier, message_id=_new_message_id(identifier), **fields
            )
    except IntegrityError:
        return None


def _revive(key: str, fields: dict) -> OutgoingMail | None:
    """The cancelled row written anew, or None when it is no longer cancelled."""
    mail = OutgoingMail.objects.select_for_update(of=("self",)).get(key=key)
    if mail.state != State.CANCELLED:
        return None
    mail.attachments.all().delete()
    fields |= {"state": State.PENDING, "attempts": 0, "last_error": "", "settled_at": None, "erased_at": None}
    for name, value in fields.items():
        setattr(mail, name, value)
    mail.save()
    return mail


def _new_message_id(identifier: uuid.UUID) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip("> ")
    return f"<{identifier}@{domain}>"


def cancel_mail(key: str) -> bool:
    """Cancel a mail that the mail server has not accepted yet; False when there is none or it is too late."""
    return _cancel(OutgoingMail.objects.filter(key=check_key(key))) == 1


def cancel_mails(prefix: str) -> int:
    """Cancel every mail whose key starts with `prefix`, which ends with ":" (registration:12 is not 123's).

    Return how many. Raise ValueError on a bad prefix.
    """
    if not check_key(prefix).endswith(":"):
        raise ValueError(f"Bad mail key prefix {prefix!r}: it must end with a colon")
    return _cancel(OutgoingMail.objects.filter(key__startswith=prefix))


def _cancel(mails) -> int:
    """A mail being sent can be cancelled until its hand-over is marked: the worker then stops before the final dot."""
    return mails.filter(state__in=[State.PENDING, State.SENDING], handed_over_at__isnull=True).update(
        state=State.CANCELLED, settled_at=timezone.now(), lease_token=None, lease_until=None
    )


@transaction.atomic
def erase_mails(mails: QuerySet[OutgoingMail]) -> int:
    """Erase the content of these mails and to whom they went, those that wait being cancelled; return how many.

    One whose hand-over has begun cannot be: its content is erased with time (see upkeep.py).
    """
    _cancel(mails)
    settled = list(mails.settled().values_list("pk", flat=True))
    MailAttachment.objects.filter(mail__in=settled).delete()
    fields = NO_CONTENT | {"recipient": "", "last_error": "", "erased_at": timezone.now()}
    return OutgoingMail.objects.filter(pk__in=settled).update(**fields)


def reschedule_mail(key: str, not_before: datetime) -> bool:
    """Move a waiting mail to another moment; False when it no longer waits."""
    mails = OutgoingMail.objects.filter(key=check_key(key), state=State.PENDING)
    return mails.update(next_attempt_at=not_before, dated_at=max(not_before, timezone.now())) == 1


def relaunch_mail(*, mail_id: int) -> OutgoingMail:
    """Send again, at an operator's request, a mail that failed or whose delivery is uncertain.

    The Message-ID stays: a receiver that has it already can drop the second copy. Raise ValidationError when the
    mail is in another state or its content was erased; OutgoingMail.DoesNotExist.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        if mail.erased_at:
            raise ValidationError("Le contenu de ce courriel a été effacé : il ne peut plus être relancé.")
        if not mail.can_be_relaunched:
            raise ValidationError(
                f"Ce courriel est dans l’état « {mail.get_state_display()} » : seul un courriel en échec "
                "ou à vérifier peut être relancé."
            )
        mail.state = State.PENDING
        mail.attempts = 0
        mail.next_attempt_at = timezone.now()
        mail.expires_at = None
        mail.lease_token = mail.lease_until = mail.handed_over_at = mail.settled_at = None
        mail.save()
    return mail
