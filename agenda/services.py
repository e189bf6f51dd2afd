"""What is written about calls besides their pages."""

from wagtail.models import Revision

from agenda.changes import changes_between
from agenda.models import CallChange, CallPage


def note_changes(*, known: CallPage, revision: Revision) -> list[CallChange]:
    """Note what changed for candidates since the version that visitors knew; once per publication.

    Nothing when the revision is not what visitors read now: it is only scheduled, or its publication was cancelled.
    """
    call = CallPage.objects.filter(pk=known.pk, live=True, live_revision=revision).first()
    if call is None:
        return []
    changes = [
        CallChange(call=call, at=call.last_published_at, field=field, sentence=sentence)
        for field, sentence in changes_between(known, call)
    ]
    return CallChange.objects.bulk_create(changes)
