"""Contacts who no longer answer the messages of readers: found, and told to the team once."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from ressources.address_marks import is_marked
from ressources.models import ExperiencePage, RelayedMessage
from ressources.models.relayed_messages import KEEP_MESSAGES, SILENCE, TIME_TO_ANSWER
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.services import queue_mail


@transaction.atomic
def note_answer(*, message: RelayedMessage) -> None:
    """Remember that the contact answered a message; saying it again changes nothing."""
    RelayedMessage.objects.filter(pk=message.pk, answered_at=None).update(answered_at=timezone.now())


def silences(now: datetime) -> Iterator[tuple[ExperiencePage, str]]:
    """The published experiences whose contact left three messages in a row without answer, and the mark of it.

    One that has another contact since is not there: nobody wrote to that contact three times.
    """
    unanswered = RelayedMessage.objects.unanswered(now).order_by().values_list("experience", "recipient")
    found = list(unanswered.annotate(count=Count("pk")).filter(count__gte=SILENCE))
    pages = ExperiencePage.objects.live().select_related("contact").in_bulk([pk for pk, *_ in found]) if found else {}
    for pk, recipient, _count in found:
        if pk in pages and is_marked(pages[pk].relay_address, recipient):
            yield pages[pk], recipient


@transaction.atomic
def report_silences(now: datetime) -> int:
    """Mail the team once about each contact who no longer answers; return how many are new.

    Told again when three more messages stay without answer after one was answered, or after the contact changed.
    """
    reported = 0
    for page, recipient in silences(now):
        messages = RelayedMessage.objects.unanswered(now).filter(experience=page, recipient=recipient)
        marks = set(messages.values_list("reported_at", flat=True))
        if marks == {None}:
            _tell_team(page, messages)
            reported += 1
        RelayedMessage.objects.filter(pk__in=list(messages.values_list("pk", flat=True))).update(reported_at=now)
    return reported


def _tell_team(page: ExperiencePage, messages) -> None:
    """The mail that asks to check a contact, whose address it does not hold."""
    queue_mail(
        key=f"experience-silence:{page.pk}:{messages.last().pk}",
        to=contact_address(),
        template="experience_silence",
        context={
            "page_title": page.title,
            "count": messages.count(),
            "days": TIME_TO_ANSWER.days,
            "edit_url": settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk]),
        },
    )


def forget_messages(now: datetime) -> int:
    """Delete what is remembered of messages relayed a year ago; return how many."""
    return RelayedMessage.objects.filter(sent_at__lt=now - KEEP_MESSAGES).delete()[0]
