"""Sessions as calendar entries (RFC 5545): the same identity for ever, a revision that grows, UTC instants."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event

from agenda.calendar_files import calendar_response, followed_calendar, one_line, product_id
from agenda.events.kinds import SessionStatus
from agenda.models import EventPage, EventSession

PRODUCT = "Agenda"
STATUSES = {SessionStatus.CANCELLED: "CANCELLED", SessionStatus.POSTPONED: "TENTATIVE"}


def session_uid(session: EventSession) -> str:
    """What makes two entries the same session, on every calendar."""
    return f"{session.uuid}@{settings.SITE_HOST}"


def session_event(session: EventSession, *, private: bool = False, is_cancelled: bool = False) -> Event:
    """The entry of a session. ``private``: with the link of the video call, for the confirmed alone."""
    page = session.event
    url = settings.SITE_URL + page.get_url()
    title = " – ".join(filter(None, [one_line(page.title), one_line(session.title)]))
    description = [one_line(session.status_message), one_line(page.summary), url]
    if private and page.video_url:
        description.insert(0, f"Visioconférence : {page.video_url}")
        if page.video_note:
            description.insert(1, one_line(page.video_note))
    event = Event.new(
        uid=session_uid(session),
        stamp=session.changed_at,
        last_modified=session.changed_at,
        sequence=session.sequence,
        start=session.starts_at.astimezone(dt.UTC),
        end=session.ends_at.astimezone(dt.UTC),
        summary=title,
        description="\n".join(filter(None, description)),
        location=session_place(session) or None,
        status="CANCELLED" if is_cancelled else STATUSES.get(session.status, "CONFIRMED"),
        url=url,
    )
    if private and page.video_url:
        event.add("conference", page.video_url, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    return event


def session_place(session: EventSession) -> str:
    """« Salle des fêtes, 1 place de la Mairie, Guéret »; empty for a session at a distance."""
    page = session.event
    if session.status == SessionStatus.MOVED_ONLINE or not page.venue:
        return ""
    place = session.venue or ", ".join(filter(None, [page.venue, page.address]))
    return ", ".join(filter(None, [one_line(place), page.commune.name if page.commune else ""]))


def calendar_of(sessions: Iterable[EventSession], *, name: str, source: str) -> Calendar:
    """A calendar that follows these sessions; ``source`` is the absolute address where it is read again."""
    calendar = followed_calendar(product=PRODUCT, name=name, source=source)
    for session in sessions:
        calendar.add_component(session_event(session))
    return calendar


def event_calendar(event: EventPage) -> HttpResponse:
    """The file of one event."""
    sessions = EventSession.objects.filter(event=event.pk).select_related("event__commune")
    calendar = calendar_of(sessions, name=event.title, source=f"{event.full_url}?export=ics")
    return calendar_response(calendar.to_ical(), event.slug)


def invitation(session: EventSession, *, with_video: bool = False, is_cancelled: bool = False) -> bytes:
    """The file that goes with the mails of a person: their calendar adds, moves or removes the entry."""
    cancelled = is_cancelled or session.status == SessionStatus.CANCELLED
    calendar = Calendar.new(prodid=product_id(PRODUCT))
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(session_event(session, private=with_video and not cancelled, is_cancelled=cancelled))
    return calendar.to_ical()
