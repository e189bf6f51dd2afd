"""Mail backends: the outbox for the mails that Django and Wagtail write, then SMTP or one .eml file per message."""

import os
import re
import smtplib
import tempfile
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone
from django.utils.text import slugify

from territoires_en_commun.mailing.services import queue_django_message

FINAL_REPLY_TIMEOUT = 60  # seconds; the reply to the final dot may be slow (RFC 5321, 4.5.3.2.6; RFC 1047)


class _MarkingMixin:
    """SMTP client that calls `before_acceptance` between the content and the final dot."""

    before_acceptance: Callable[[], None] | None = None

    def data(self, msg):
        """Send a message as SMTP.data does; any error before the final dot closes the connection at once.

        A server discards what it received when the connection closes before the final dot (RFC 5321, 4.1.1.4).
        """
        self.putcmd("data")
        code, reply = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        content = re.sub(rb"(?m)^\.", b"..", msg)
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        usual_timeout = self.sock.gettimeout()
        self.sock.settimeout(FINAL_REPLY_TIMEOUT)
        try:
            self.send(content)
            if self.before_acceptance is not None:
                self.before_acceptance()
        except BaseException:
            self.close()
            raise
        self.send(b".\r\n")
        reply = self.getreply()
        self.sock.settimeout(usual_timeout)
        return reply


class MarkingSMTP(_MarkingMixin, smtplib.SMTP):
    pass


class MarkingSMTPOverTLS(_MarkingMixin, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend; calls `message.before_acceptance()`, when set, just before the final dot."""

    marks_acceptance = True

    @property
    def connection_class(self):
        return MarkingSMTPOverTLS if self.use_ssl else MarkingSMTP

    def _send(self, email_message) -> bool:
        self.connection.before_acceptance = getattr(email_message, "before_acceptance", None)
        try:
            return super()._send(email_message)
        finally:
            if self.connection is not None:
                self.connection.before_acceptance = None


class OutboxBackend(BaseEmailBackend):
    """Puts the mails written by Django and Wagtail (new password, moderation) in the outbox, with those of our rooms.

    They leave when the transaction commits, are retried when the mail server is down, and are seen in the admin.
    """

    def send_messages(self, email_messages) -> int:
        """Return how many messages were queued; raise ValidationError unless `fail_silently`."""
        queued = 0
        for message in email_messages or []:
            try:
                queued += bool(queue_django_message(message))
            except ValidationError:
                if not self.fail_silently:
                    raise
        return queued


class EmlBackend(BaseEmailBackend):
    """Writes each message to EMAIL_FILE_PATH: 2026-03-29-153000-marie-exemple-fr-1a2b3c4d.eml.

    The name depends on the message alone and the file appears whole, so that sending twice writes one file.
    """

    is_idempotent = True

    def __init__(self, *args, file_path: str | os.PathLike | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages) -> int:
        """Return how many files were written; raise OSError when the folder can't be written."""
        sent = 0
        for message in email_messages or []:
            if recipients := message.recipients():
                self._write(message.message(), recipients[0])
                sent += 1
        return sent

    def _write(self, message, recipient: str):
        self.folder.mkdir(parents=True, exist_ok=True)
        moment = parsedate_to_datetime(message["Date"])
        if timezone.is_naive(moment):  # « -0000 »: UTC, place unknown (RFC 5322, 3.3)
            moment = moment.replace(tzinfo=UTC)
        mark = sha256(str(message["Message-ID"]).encode()).hexdigest()[:8]
        who = slugify(re.sub(r"[@.<>]", "-", recipient))[:80]
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".tmp", delete=False) as file:
            file.write(message.as_bytes(linesep="\r\n"))
        os.chmod(file.name, 0o640)
        os.replace(file.name, self.folder / f"{timezone.localtime(moment):%Y-%m-%d-%H%M%S}-{who}-{mark}.eml")
