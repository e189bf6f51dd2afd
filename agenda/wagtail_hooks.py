"""Events and calls for projects in Wagtail's editing space."""

from wagtail import hooks

from agenda.session_admin import SessionViewSet
from agenda.viewsets import CallAdminListing, EventAdminListing


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet()]
