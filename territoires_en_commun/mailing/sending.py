"""Sending what waits in the outbox, from any number of workers (docs/decisions/0005-outbox.md)."""

import logging
import random
import smtplib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from territoires_en_commun.mailing.backends import FINAL_REPLY_TIMEOUT
from territoires_en_commun.mailing.failures import Failure, diagnose
from territoires_en_commun.mailing.messages import build_message
from territoires_en_commun.mailing.models import OutgoingMail

logger = logging.getLogger(__name__)
State = OutgoingMail.State

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
DOUBT = (
    "Le serveur de courriel n’a pas dit s’il acceptait le message : vérifiez auprès du destinataire, puis relancez."
)


class LeaseLostError(Exception):
    """The mail was cancelled, or taken over after the lease expired: it must not be sent by this worker."""


@dataclass
class SendReport:
    """What one pass did, in mails; `relay_down` when the mail server could not be reached."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    uncertain: int = 0
    dropped: int = 0
    relay_down: bool = False


def retry_delay(attempts: int, draw: Callable[[], float] = random.random) -> timedelta:
    """Time before the next attempt after `attempts` of them: doubling from one minute to six hours, ± 20 %."""
    delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    return delay * (0.8 + 0.4 * draw())


def send_due_mails(
    now: datetime | None = None, *, limit: int = 100, should_stop: Callable[[], bool] = lambda: False
) -> SendReport:
    """Send up to `limit` due mails, one at a time; safe beside other workers, and to be killed at any moment.

    `now` fixes the time for the whole pass; without it the clock is read anew for each mail. Never raises because of
    one mail or of the mail server; lets the errors of the database through.
    """
    clock = timezone.now if now is None else (lambda: now)
    report = SendReport()
    report.uncertain += recover_abandoned(clock())
    report.dropped = _drop_late(clock())
    transport = get_connection(settings.MAILING_TRANSPORT)
    try:
        for _ in range(limit):
            if should_stop() or report.relay_down or not OutgoingMail.objects.due(clock()).exists():
                break
            if mail := claim_next(clock()):
                _send_one(mail, transport, clock, report)
    finally:
        _close(transport)
    return report


def recover_abandoned(now: datetime) -> int:
    """Free the mails of dead workers; return how many of them may have been accepted by the server already.

    Those wait for an operator (state « à vérifier »): sending them again could deliver them twice.
    """
    abandoned = OutgoingMail.objects.abandoned(now)
    free = {"lease_token": None, "lease_until": None}
    safe = abandoned.filter(handed_over_at__isnull=True)
    safe.filter(attempts__gte=settings.MAILING_MAX_ATTEMPTS).update(
        state=State.FAILED, settled_at=now, last_error="Le processus d’envoi s’est arrêté à chaque tentative.", **free
    )
    safe.update(state=State.PENDING, next_attempt_at=now, last_error="Le processus d’envoi s’est arrêté.", **free)
    # The token stays: a slow worker that gets its answer after all may still record it.
    doubtful = abandoned.filter(handed_over_at__isnull=False)
    keys = list(doubtful.values_list("key", flat=True)[:20])
    count = doubtful.update(state=State.UNCERTAIN, settled_at=now, lease_until=None, last_error=DOUBT)
    if count:
        logger.error("%d mail(s) of uncertain delivery, to be checked: %s", count, ", ".join(keys))
    return count


def _drop_late(now: datetime) -> int:
    return OutgoingMail.objects.late(now).update(
        state=State.CANCELLED, settled_at=now, last_error="Devenu inutile avant d’avoir pu être envoyé."
    )


def claim_next(now: datetime) -> OutgoingMail | None:
    """Take hold of the next due mail; None when there is none or another worker was faster."""
    with transaction.atomic(durable=True):
        due = OutgoingMail.objects.due(now).order_by("next_attempt_at", "id")
        mail = due.select_for_update(skip_locked=True, of=("self",)).first()
        if mail is None:
            return None
        taken = OutgoingMail.objects.filter(pk=mail.pk, state=State.PENDING).update(
            state=State.SENDING,
            lease_token=uuid.uuid4(),
            lease_until=now + timedelta(seconds=settings.MAILING_LEASE_SECONDS),
            handed_over_at=None,
            attempts=F("attempts") + 1,
        )
        if not taken:
            return None
        mail.refresh_from_db()
    return mail


def _send_one(mail: OutgoingMail, transport, clock: Callable[[], datetime], report: SendReport):
    try:
        _hand_over(mail, transport, clock)
    except LeaseLostError:
        logger.warning("Mail %s: stopped, it was cancelled or taken over", mail.key)
        _close(transport)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is written on the mail, the next one goes on
        _close(transport)
        _record_failure(mail, diagnose(error, handed_over=mail.handed_over_at is not None), clock(), report)
    else:
        now = clock()
        _record(mail, state=State.SENT, sent_at=now, settled_at=now, last_error="")
        report.sent += 1


def _hand_over(mail: OutgoingMail, transport, clock: Callable[[], datetime]):
    message = build_message(mail)
    mark = partial(_mark_handed_over, mail, clock)
    if getattr(transport, "marks_acceptance", False):
        message.before_acceptance = mark
    transport.open()
    if not hasattr(message, "before_acceptance") and not getattr(transport, "is_idempotent", False):
        mark()
    if transport.send_messages([message]) != 1:
        raise smtplib.SMTPException("The backend sent nothing")


def _mark_handed_over(mail: OutgoingMail, clock: Callable[[], datetime]):
    """Commit that from now on the server may have the mail; raise LeaseLostError when it is no longer ours."""
    now = clock()
    with transaction.atomic(durable=True):
        marked = OutgoingMail.objects.filter(
            pk=mail.pk, state=State.SENDING, lease_token=mail.lease_token, handed_over_at__isnull=True
        ).update(handed_over_at=now, lease_until=now + timedelta(seconds=FINAL_REPLY_TIMEOUT + 30))
    if not marked:
        raise LeaseLostError
    mail.handed_over_at = now


def _record_failure(mail: OutgoingMail, failure: Failure, now: datetime, report: SendReport):
    report.relay_down = failure.relay_down
    if failure.uncertain:
        report.uncertain += 1
        logger.error("Mail %s: uncertain delivery, to be checked (%s)", mail.key, failure.message)
        fields = {"state": State.UNCERTAIN, "settled_at": now, "last_error": f"{DOUBT} ({failure.message})"[:500]}
    elif failure.permanent or mail.attempts >= settings.MAILING_MAX_ATTEMPTS:
        report.failed += 1
        logger.error("Mail %s: given up after %d attempt(s): %s", mail.key, mail.attempts, failure.message)
        fields = {"state": State.FAILED, "settled_at": now, "handed_over_at": None, "last_error": failure.message}
    else:
        report.retried += 1
        delay = retry_delay(mail.attempts)
        logger.warning("Mail %s: attempt %d failed: %s", mail.key, mail.attempts, failure.message)
        fields = {
            "state": State.PENDING,
            "next_attempt_at": now + delay,
            "handed_over_at": None,
            "last_error": failure.message,
        }
    _record(mail, **fields)


def _record(mail: OutgoingMail, *, tries: int = 6, **fields):
    """Write the outcome if the mail is still ours, waiting for a database that is briefly away."""
    for attempt in range(1, tries + 1):
        try:
            OutgoingMail.objects.filter(
                pk=mail.pk, state__in=[State.SENDING, State.UNCERTAIN], lease_token=mail.lease_token
            ).update(lease_token=None, lease_until=None, **fields)
        except (OperationalError, InterfaceError):
            if attempt == tries or connection.in_atomic_block:
                raise
            logger.exception("Mail %s: outcome not recorded yet, the database does not answer", mail.key)
            time.sleep(attempt)
            close_old_connections()
        else:
            return


def _close(transport):
    try:
        transport.close()
    except (OSError, smtplib.SMTPException):
        logger.debug("The mail server closed the connection first", exc_info=True)
