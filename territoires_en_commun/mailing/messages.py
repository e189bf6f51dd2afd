"""From a row of the outbox to the message that goes on the wire."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from territoires_en_commun.mailing.models import OutgoingMail


def build_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message of a row: same Message-ID and date at each attempt, marked as automatic (RFC 3834)."""
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(timezone.localtime(mail.dated_at)),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[_mailbox(mail)],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments.all():
        content = bytes(attachment.content)
        if attachment.content_type.startswith("text/"):
            content = content.decode()
        message.attach(attachment.name, content, attachment.content_type)
    return message


def _mailbox(mail: OutgoingMail) -> str:
    if not mail.recipient_name:
        return mail.recipient
    quoted = mail.recipient_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{mail.recipient}>'  # Django encodes and folds it
