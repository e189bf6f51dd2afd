"""The page of a section that lists the contents of its room."""

from typing import ClassVar

from django.utils.module_loading import import_string
from wagtail.models.pages import AbstractPageMeta

from .pages import BasePage


class IndexPage(BasePage):
    """A page that is a listing: see :class:`territoires_en_commun.base.listing.Listing`."""

    is_content = False
    listing: ClassVar[str] = ""  # dotted path of its Listing, which imports the models

    parent_page_types = ["home.HomePage"]
    max_count = 1

    class Meta(AbstractPageMeta):
        abstract = True

    def get_listing(self, request):
        """The listing of this request."""
        return import_string(self.listing)(request)

    def serve(self, request, *args, **kwargs):
        """The listing, or one of its files."""
        listing = self.get_listing(request)
        context = self.get_context(request, *args, **kwargs)
        return listing.respond(self.get_template(request), context)

    def get_preview_context(self, request, mode_name):
        """The page as visitors open it, with its listing."""
        return super().get_preview_context(request, mode_name) | {"listing": self.get_listing(request)}
