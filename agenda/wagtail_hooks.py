"""Events and calls for projects in Wagtail's editing space."""

from wagtail import hooks

from agenda.registrant_admin import RegistrantViewSet
from agenda.registrant_bulk import ACTIONS
from agenda.session_admin import SessionViewSet
from agenda.viewsets import CallAdminListing, EventAdminListing

for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet(), RegistrantViewSet()]
