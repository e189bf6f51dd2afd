"""What the home page shows of calls."""

from django.utils import timezone

from agenda.listings import CallListing, CallRow


def closing_soon(count: int) -> list[CallRow]:
    """The open calls that have a closing, at most ``count``, the soonest first."""
    listing = CallListing.quoted()
    calls = listing.light_pages().open(timezone.now()).exclude(closes_on=None).order_by("closes_on", "pk")
    return listing.rows_among(calls, count)
