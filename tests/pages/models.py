"""Page types of the tests: one that follows the publication rules, one that does not."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from territoires_en_commun.base.models import BasePage, Partner


class ContentPage(BasePage):
    """A content type with a body required to publish."""

    body = RichTextField("corps")

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    template = "test_pages/content_page.html"

    class Meta:
        verbose_name = "contenu d’essai"
        verbose_name_plural = "contenus d’essai"


class ContentSupport(models.Model):
    """A row edited with its page, that holds a term."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="supports")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "soutien"
        verbose_name_plural = "soutiens"

    def __str__(self) -> str:
        return f"{self.page} : {self.partner}"


class SectionPage(BasePage):
    """An index page: exempt from the publication rules."""

    is_content = False
    template = "test_pages/content_page.html"

    class Meta:
        verbose_name = "rubrique d’essai"
        verbose_name_plural = "rubriques d’essai"
