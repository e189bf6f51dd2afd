"""Reminders of reviews: one mail per person and per day, for the pages whose day is near or has come."""

import datetime as dt
import logging
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from wagtail.permissions import policy_registry

from territoires_en_commun.base.models import BasePage, ReminderStage, ReviewReminder
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import queue_mail

logger = logging.getLogger(__name__)

NOTICE = dt.timedelta(days=30)
CATCH_UP = dt.timedelta(days=7)  # what a stopped scheduler missed leaves late, for a week


@dataclass(frozen=True)
class Reminder:
    """A page to review, as the mail tells it; ``in_charge`` is false for who receives it in place of nobody."""

    page: BasePage
    stage: ReminderStage
    in_charge: bool

    @property
    def edit_url(self) -> str:
        return settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[self.page.pk])


@dataclass(frozen=True)
class Recipient:
    """Whom to write to; ``key`` tells people apart."""

    key: str
    email: str


@transaction.atomic
def remind_reviews(today: dt.date) -> tuple[int, int]:
    """Queue the reminders of that day; return how many mails, and for how many pages.

    Thirty days before the date of review and on the day, once each. A person gets one mail a day: what comes up after
    it waits for the next day. Safe to run again.
    """
    digests: dict[Recipient, list[Reminder]] = defaultdict(list)
    for stage, day in ((ReminderStage.DUE, today), (ReminderStage.BEFORE, today + NOTICE)):
        for page in pages_to_remind(stage, day):
            in_charge = has_owner(page)
            for recipient in recipients_of(page):
                digests[recipient].append(Reminder(page, stage, in_charge))
    told: dict[tuple[int, ReminderStage], Reminder] = {}
    sent = 0
    for recipient, reminders in digests.items():
        if send_digest(recipient, reminders, today):
            sent += 1
            told |= {(reminder.page.pk, reminder.stage): reminder for reminder in reminders}
    ReviewReminder.objects.bulk_create(
        [ReviewReminder(page=each.page, due_on=each.page.review_date, stage=each.stage) for each in told.values()],
        ignore_conflicts=True,
    )
    return sent, len(told)


def pages_to_remind(stage: ReminderStage, day: dt.date) -> QuerySet:
    """Published pages whose review falls on that day, or fell in the week before, and that were not told of."""
    told = ReviewReminder.objects.filter(page=OuterRef("pk"), due_on=OuterRef("review_date"), stage=stage)
    dated = BasePage.objects.live().filter(review_date__gt=day - CATCH_UP, review_date__lte=day)
    return dated.filter(~Exists(told)).select_related("review_owner").order_by("review_date", "title", "pk")


def has_owner(page: BasePage) -> bool:
    """Whether somebody who can still sign in is in charge of the page."""
    return bool(page.review_owner and page.review_owner.is_active and page.review_owner.email)


def recipients_of(page: BasePage) -> list[Recipient]:
    """The person in charge; failing that those who publish the page, failing that the team."""
    policy = policy_registry.get_by_type(BasePage)
    if has_owner(page):
        people = [page.review_owner]
    else:
        people = list(policy.users_with_permission_for_instance("publish", page, include_superusers=False))
    found = [Recipient(str(person.pk), person.email) for person in people if person.email]
    return found or [Recipient("equipe", contact_address())]


def sections(reminders: list[Reminder]) -> list[tuple[str, list[Reminder]]]:
    """The parts of a mail, without those that are empty."""
    mine = [reminder for reminder in reminders if reminder.in_charge]
    parts = [
        ("À revoir dès maintenant", [each for each in mine if each.stage == ReminderStage.DUE]),
        ("À revoir dans moins de trente jours", [each for each in mine if each.stage == ReminderStage.BEFORE]),
        ("Sans responsable : désignez-en un", [each for each in reminders if not each.in_charge]),
    ]
    return [(title, found) for title, found in parts if found]


def send_digest(recipient: Recipient, reminders: list[Reminder], today: dt.date) -> bool:
    """Queue the mail of the day; false when it was queued already, or when the address is wrong."""
    key = f"review:{recipient.key}:{today:%Y%m%d}"
    if OutgoingMail.objects.filter(key=key).exists():
        return False
    context = {"sections": sections(reminders), "count": len(reminders)}
    try:
        with transaction.atomic():
            queue_mail(key=key, to=recipient.email, template="review_reminder", context=context)
    except ValidationError:
        logger.warning("Reminder of reviews not queued: recipient=%s", recipient.key)
        return False
    return True
