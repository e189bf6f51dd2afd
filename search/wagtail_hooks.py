"""The search in Wagtail's editing space."""

from wagtail import hooks

from search.viewsets import SearchGroup


@hooks.register("register_admin_viewset")
def register_lists():
    return SearchGroup()
