"""What organisers read of the events near theirs: on the form of a session, and once it is written or published."""

from collections.abc import Iterable
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.admin import messages

from agenda.events.clashes import Clash, all_clashes
from agenda.models import EventPage, EventSession
from agenda.sessions.times import when

MOST = 10


class ClashRow(NamedTuple):
    """An event near another, as it is shown."""

    title: str
    url: str
    when: str
    where: str


def clash_rows(sessions: Iterable[EventSession]) -> list[ClashRow]:
    """The events near these sessions of one event, as its latest version says it."""
    return [row_of(clash) for clash in all_clashes(map(as_drafted, sessions), timezone.now())[:MOST]]


def as_drafted(session: EventSession) -> EventSession:
    """The session with the themes and the place that its organiser reads: those of the latest version of its page."""
    session.event = session.event.get_latest_revision_as_object()
    return session


def row_of(clash: Clash) -> ClashRow:
    """An event near another, ready to show."""
    session, event = clash.session, clash.session.event
    moment = capfirst(when(session.starts_at, session.ends_at, event.time_zone))
    return ClashRow(event.title, event.get_url(), moment, clash.where)


def warn_of_clashes(request, sessions: Iterable[EventSession]) -> None:
    """Tell who wrote or published these sessions which events are near; nothing when there is none."""
    if rows := clash_rows(sessions):
        messages.warning(request, render_to_string("agenda/admin/clashes.html", {"clashes": rows}))


def warn_of_event(request, event: EventPage) -> None:
    """The same for all the sessions to come of an event."""
    warn_of_clashes(request, EventSession.objects.to_come(timezone.now()).taking_place().filter(event=event.pk))
