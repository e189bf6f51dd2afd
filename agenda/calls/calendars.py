"""Closings of calls as calendar files (RFC 5545), for a call or for the results of a list (RFC 7986)."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from icalendar import Alarm, Event

from agenda.calendar_files import calendar_response, followed_calendar, one_line
from agenda.models import CallChange, CallPage, ChangedField

REMINDER = dt.timedelta(days=7)
LAST_DAY = "Dernier jour pour candidater, jusqu’à 23 h 59 (heure de Paris)."


def with_sequence(calls: QuerySet) -> QuerySet:
    """Calls with ``sequence``: how many times their closing changed since they were published."""
    moves = CallChange.objects.filter(call=OuterRef("pk"), field=ChangedField.CLOSING).order_by()
    counted = moves.values("call").annotate(count=Count("pk")).values("count")
    return calls.annotate(sequence=Coalesce(Subquery(counted), 0))


def call_calendar(call: CallPage) -> HttpResponse:
    """The file of one call, which has a closing."""
    calls = with_sequence(CallPage.objects.filter(pk=call.pk))
    return calendar_file(calls, name=call.title, source=f"{call.full_url}?export=ics", file_name=call.slug)


def calendar_file(calls: Iterable[CallPage], *, name: str, source: str, file_name: str) -> HttpResponse:
    """A calendar of the closings of these calls (``with_sequence``); those without closing are left out.

    ``source`` is the absolute address where calendars read the file again.
    """
    calendar = followed_calendar(product="Appels à projets", name=name, source=source)
    for call in calls:
        if call.closes_on:
            calendar.add_component(closing_event(call))
    return calendar_response(calendar.to_ical(), file_name)


def closing_event(call: CallPage) -> Event:
    """The closing day of a call, as an event of the whole day that makes nobody busy."""
    url = settings.SITE_URL + call.get_url()
    title = f"Clôture : {one_line(call.title)}"
    event = Event.new(
        uid=f"{call.uuid}@{settings.SITE_HOST}",
        stamp=call.last_published_at,
        last_modified=call.last_published_at,
        sequence=call.sequence,
        start=call.closes_on,
        summary=title,
        description="\n".join(filter(None, [LAST_DAY, one_line(call.summary), url])),
        url=url,
        transparency="TRANSPARENT",
    )
    event.add_component(Alarm.new_display(f"Dans {REMINDER.days} jours – {title}", -REMINDER))
    return event
