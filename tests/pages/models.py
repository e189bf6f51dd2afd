"""Page types of the tests: one that follows the publication rules, one that does not."""

from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from territoires_en_commun.base.models import BasePage


class ContentPage(BasePage):
    """A content type with a body required to publish."""

    body = RichTextField("corps")

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    template = "test_pages/content_page.html"

    class Meta:
        verbose_name = "contenu d’essai"
        verbose_name_plural = "contenus d’essai"


class SectionPage(BasePage):
    """An index page: exempt from the publication rules."""

    is_content = False
    template = "test_pages/content_page.html"

    class Meta:
        verbose_name = "rubrique d’essai"
        verbose_name_plural = "rubriques d’essai"
