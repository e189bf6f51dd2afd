"""What the home page shows of calls and of events."""

from django.utils import timezone

from agenda.calls.listings import CallListing, CallRow
from agenda.events.listings import EventListing, EventRow


def closing_soon(count: int) -> list[CallRow]:
    """The open calls whose closing is « imminente » (see deadlines.py), at most ``count``, the soonest first."""
    listing = CallListing.quoted()
    return listing.rows_among(listing.light_pages().closing_soon(timezone.now()), count)


def next_events(count: int) -> list[EventRow]:
    """The events to come which take place, at most ``count``, the next first."""
    return EventListing.quoted().next_rows(count)
