"""Calls for projects in Wagtail's editing space."""

from wagtail import hooks

from agenda.viewsets import CallAdminListing


@hooks.register("register_admin_viewset")
def register_calls():
    return CallAdminListing()
