"""Events and calls for projects in Wagtail's editing space."""

from wagtail import hooks

from agenda.clash_warnings import warn_of_event
from agenda.models import EventPage
from agenda.session_admin import SessionViewSet
from agenda.viewsets import CallAdminListing, EventAdminListing


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet()]


@hooks.register("after_publish_page")
def tell_of_events_near(request, page):
    """Who publishes an event learns which others are near."""
    if isinstance(page.specific_deferred, EventPage):
        warn_of_event(request, page.specific)
