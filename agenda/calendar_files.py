"""What the calendar files of this room share (RFC 5545, RFC 7986)."""

import datetime as dt
import uuid

from django.http import HttpResponse
from icalendar import Calendar

REFRESH = dt.timedelta(days=1)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def product_id(product: str) -> str:
    """Who makes a calendar, as RFC 5545 wants it."""
    return f"-//Territoires en commun//{product}//FR"


def followed_calendar(*, product: str, name: str, source: str) -> Calendar:
    """An empty calendar to follow; ``source`` is the absolute address where it is read again, once a day."""
    calendar = Calendar.new(
        prodid=product_id(product),
        name=one_line(name),
        uid=uuid.uuid5(uuid.NAMESPACE_URL, source),
    )
    calendar.add("source", source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return calendar


def calendar_response(content: bytes, file_name: str) -> HttpResponse:
    """A calendar file to download or to follow; ``file_name`` has no extension."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def one_line(text: str) -> str:
    """A text without line break nor control character."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
