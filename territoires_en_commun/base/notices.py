"""Mails that the shared page model sends to editors."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.publication import Gap, field_label
from territoires_en_commun.mailing.services import queue_mail


def warn_of_cancelled_schedule(*, page, revision, gaps: list[Gap]) -> None:
    """Tell the person who scheduled a version and its reviewer that it was not published, and why."""
    version = revision.as_object()
    lines = [f"{label} : {gap.message}" if (label := field_label(version, gap.field)) else gap.message for gap in gaps]
    people = {person.pk: person for person in (revision.user, version.review_owner) if person and person.is_active}
    for person in people.values():
        queue_mail(
            key=f"schedule-refused:{revision.pk}:{timezone.localdate():%Y%m%d}:{person.pk}",
            to=person.email,
            template="schedule_refused",
            context={
                "title": version.title,
                "lines": lines,
                "edit_url": settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk]),
            },
        )
