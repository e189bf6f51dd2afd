"""Reports of errors in pages: received, told to who can mend, answered, forgotten."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.models import BasePage, ErrorReport
from territoires_en_commun.base.models.reports import KEEP_REPORTS
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.services import queue_mail


def report_error(*, page: BasePage, message: str, email: str, identity: str) -> ErrorReport:
    """Keep a report, tell the person in charge of the page and the team, acknowledge it to its author.

    ``identity`` is that of one opening of the form: the same report sent twice is one report.
    """
    try:
        with transaction.atomic():
            report = ErrorReport.objects.create(
                page=page, page_title=page.title, message=message, email=email, identity=identity
            )
            _tell_team(report)
            if email:
                queue_mail(
                    key=f"report-receipt:{identity}",
                    to=email,
                    template="report_receipt",
                    context={"page_title": page.title, "page_url": settings.SITE_URL + page.get_url()},
                    reply_to=contact_address(),
                )
    except IntegrityError:
        return ErrorReport.objects.get(identity=identity)
    return report


def _tell_team(report: ErrorReport) -> None:
    owner = report.page.review_owner
    recipients = {contact_address()}
    if owner and owner.is_active and owner.email:
        recipients.add(owner.email)
    context = {
        "page_title": report.page_title,
        "page_url": settings.SITE_URL + report.page.get_url(),
        "message": report.message,
        "answer_url": settings.SITE_URL + reverse("signalements:close", args=[report.pk]),
    }
    for rank, recipient in enumerate(sorted(recipients)):
        queue_mail(
            key=f"report:{report.identity}:{rank}",
            to=recipient,
            template="report_received",
            context=context,
        )


@transaction.atomic
def close_report(report: ErrorReport, *, reply: str, user) -> ErrorReport:
    """Close a report with an answer, sent to its author when an address was given.

    Raise ValidationError when somebody else closed it meanwhile.
    """
    locked = ErrorReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not locked.is_open:
        raise ValidationError("Quelqu’un a déjà répondu à ce signalement.")
    locked.reply, locked.closed_at, locked.closed_by = reply, timezone.now(), user
    locked.save(update_fields=["reply", "closed_at", "closed_by"])
    if locked.email:
        url = settings.SITE_URL + locked.page.get_url() if locked.page and locked.page.live else ""
        queue_mail(
            key=f"report-reply:{locked.identity}",
            to=locked.email,
            template="report_reply",
            context={"page_title": locked.page_title, "page_url": url, "reply": reply},
            reply_to=contact_address(),
        )
    return locked


def forget_old_reports(now: datetime) -> int:
    """Erase the reports received a year ago; return how many."""
    return ErrorReport.objects.filter(created_at__lt=now - KEEP_REPORTS).delete()[0]
