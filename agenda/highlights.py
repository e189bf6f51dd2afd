"""What the home page shows of calls."""

from django.http import HttpRequest

from agenda.listings import CallListing, CallRow


def closing_soon(count: int) -> list[CallRow]:
    """The open calls that have a closing, at most ``count``, the soonest first; from the snapshot of the list."""
    listing = CallListing(HttpRequest())
    return [row for row in listing.rows_of(listing.open_ones()[:count]) if row.page.closes_on]
