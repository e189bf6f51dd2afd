"""« Pages de texte » in the editing space."""

from wagtail.admin.ui.tables.pages import ParentPageColumn

from territoires_en_commun.base.page_listings import CHANGED_AT, PageListing
from territoires_en_commun.home.models import StandardPage


class StandardPageListing(PageListing):
    """The pages of text, each with the one above it."""

    model = StandardPage
    name = "pages-de-texte"
    icon = "doc-full"
    own_columns = [ParentPageColumn("parent", label="Page parente"), CHANGED_AT]
