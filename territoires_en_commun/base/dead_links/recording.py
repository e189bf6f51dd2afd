"""What a check changes in what is known of an address."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from territoires_en_commun.base.models import LinkCheck, LinkState
from territoires_en_commun.base.models.link_checks import DEAD_AFTER

from .judging import Outcome, Verdict

STATES = {Outcome.ANSWERS: LinkState.OK, Outcome.UNSURE: LinkState.TO_CHECK, Outcome.REFUSED: LinkState.REFUSED}


@transaction.atomic
def record_verdict(*, link: LinkCheck, verdict: Verdict, now: datetime) -> LinkCheck:
    """Write a verdict. Three failures on three different days make a dead link; anything else starts afresh.

    Two failures of one day count as one. Raise LinkCheck.DoesNotExist when no page leads there any more.
    """
    locked = LinkCheck.objects.select_for_update(of=("self",)).get(pk=link.pk)
    locked.checked_at, locked.status, locked.cause = now, verdict.status, verdict.cause
    if verdict.outcome is Outcome.FAILS:
        _count_failure(locked, timezone.localdate(now))
    else:
        locked.state, locked.failed_days = STATES[verdict.outcome], 0
        locked.first_failed_on = locked.last_failed_on = None
    locked.save()
    return locked


def _count_failure(link: LinkCheck, today) -> None:
    if link.last_failed_on != today:
        link.failed_days += 1
        link.first_failed_on = link.first_failed_on or today
        link.last_failed_on = today
    link.state = LinkState.DEAD if link.failed_days >= DEAD_AFTER else LinkState.SUSPECT
