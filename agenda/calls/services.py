"""What is written about calls besides their pages."""

from agenda.calls.changes import changes_between
from agenda.models import CallChange, CallPage, PublishedTerms


def note_publication(call: CallPage) -> list[CallChange]:
    """Note what changed for candidates since they last read the call, then keep what they read now.

    Nothing when this version is not what visitors read: it is only scheduled, or its publication was cancelled.
    """
    now = CallPage.objects.filter(pk=call.pk, live=True, live_revision=call.live_revision_id).first()
    if now is None:
        return []
    before = PublishedTerms.objects.filter(call=now).first()
    changes = [
        CallChange(call=now, at=now.last_published_at, field=field, sentence=sentence)
        for field, sentence in (changes_between(before, now) if before else ())
    ]
    PublishedTerms.objects.update_or_create(call=now, defaults=PublishedTerms.of(now))
    return CallChange.objects.bulk_create(changes)
