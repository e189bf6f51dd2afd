"""What the home page shows of calls."""

from django.utils import timezone

from agenda.listings import CallListing, CallRow


def closing_soon(count: int) -> list[CallRow]:
    """The open calls whose closing is « imminente » (see deadlines.py), at most ``count``, the soonest first."""
    listing = CallListing.quoted()
    return listing.rows_among(listing.light_pages().closing_soon(timezone.now()), count)
