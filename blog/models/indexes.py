"""The page that lists the articles, and the sections of partners below it."""

from django.utils.module_loading import import_string

from territoires_en_commun.base.models import IndexPage


class ArticleIndexPage(IndexPage):
    """The blog: news of partners, reports, interviews, focus."""

    listing = "blog.listings.ArticleListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["blog.ArticlePage", "blog.PartnerSectionPage"]
    max_count = 1

    class Meta:
        verbose_name = "blog"
        verbose_name_plural = "blogs"


class PartnerSectionPage(IndexPage):
    """The section of a partner: who it is, and what its contributors wrote. Opened by a service, never by hand."""

    listing = "blog.listings.SectionListing"

    parent_page_types = ["blog.ArticleIndexPage"]
    subpage_types = ["blog.ArticlePage"]
    max_count = None
    is_creatable = False

    class Meta:
        verbose_name = "espace de partenaire"
        verbose_name_plural = "espaces de partenaires"

    def get_listing(self, request):
        return import_string(self.listing)(request, scope=self)
