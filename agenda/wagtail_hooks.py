"""Events and calls for projects in Wagtail's editing space."""

from wagtail import hooks

from agenda import event_deletion
from agenda.registrant_admin import RegistrantViewSet
from agenda.registrant_bulk import ACTIONS
from agenda.session_admin import SessionViewSet
from agenda.viewsets import CallAdminListing, EventAdminListing

for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("before_delete_page", event_deletion.refuse_deletion)
hooks.register("before_bulk_action", event_deletion.refuse_bulk_deletion)
hooks.register("after_unpublish_page", event_deletion.warn_of_unpublication)
hooks.register("after_bulk_action", event_deletion.warn_of_bulk_unpublication)


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet(), RegistrantViewSet()]
