"""The pages of this room in Wagtail's editing space."""

from wagtail import hooks

from territoires_en_commun.home.viewsets import StandardPageListing


@hooks.register("register_admin_viewset")
def register_standard_pages():
    return StandardPageListing()
