"""What other pages tell of events: the date of those that they lead to, and the sessions of a training."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils.text import capfirst

from agenda.events.calendars import session_place
from agenda.events.kinds import SessionStatus
from agenda.events.listings import shown_session
from agenda.models import EventPage, EventSession
from agenda.sessions.times import when
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import Meeting, link_details, meetings

MOST_SESSIONS = 10


@link_details.register("events")
def dates_of_events(pages: Sequence[BasePage], now: datetime) -> Mapping[int, str]:
    """« mardi 3 mars 2027, de 14 h à 16 h »: the next session of each event, or the last one once it is over."""
    events = [page.pk for page in pages if page.cached_content_type.natural_key() == ("agenda", "eventpage")]
    if not events:
        return {}
    sessions = defaultdict(list)
    for session in EventSession.objects.filter(event__in=events).annotate(zone_name=F("event__time_zone")):
        sessions[session.event_id].append(session)
    shown = ((pk, shown_session(rows, now)) for pk, rows in sessions.items())
    return {pk: date_in_words(session, session.zone_name, now) for pk, session in shown}


def date_in_words(session: EventSession, zone_name: str, now: datetime) -> str:
    """When a session takes place, whether it is over, and what became of it when it is off."""
    words = when(session.starts_at, session.ends_at, zone_name)
    told = ["terminé" if session.ends_at <= now else "", words]
    return ", ".join(filter(None, [*told, "" if session.takes_place else session.get_status_display()]))


@meetings.register("events")
def sessions_around(page: BasePage, now: datetime) -> Iterator[Meeting]:
    """The sessions to come of the events linked to a page, one way or the other; one query."""
    linked = Q(links__target=page.pk) | Q(incoming_links__source=page.pk)
    events = EventPage.objects.live_public().filter(linked).order_by()
    sessions = EventSession.objects.to_come(now).filter(event__in=events.values("pk"))
    for session in sessions.select_related("event__commune")[:MOST_SESSIONS]:
        event = session.event
        status = "" if session.status == SessionStatus.SCHEDULED else capfirst(session.get_status_display())
        yield Meeting(
            title=" – ".join(filter(None, [event.title, session.title])),
            url=event.get_url(),
            when=capfirst(when(session.starts_at, session.ends_at, event.time_zone)),
            place=session_place(session) or capfirst(event.get_mode_display()),
            status=status,
        )
