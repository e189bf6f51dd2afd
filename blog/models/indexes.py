"""The page that lists the articles, and the sections of partners below it."""

from territoires_en_commun.base.models import BasePage, IndexPage


class ArticleIndexPage(IndexPage):
    """The blog: news of partners, reports, interviews, focus."""

    listing = "blog.listings.ArticleListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["blog.PartnerSectionPage"]
    max_count = 1

    class Meta:
        verbose_name = "blog"
        verbose_name_plural = "blogs"


class PartnerSectionPage(BasePage):
    """The section of a partner: what its contributors write lies below it. Opened by a service, never by hand."""

    is_content = False

    parent_page_types = ["blog.ArticleIndexPage"]
    subpage_types: list[str] = []
    is_creatable = False

    class Meta:
        verbose_name = "espace de partenaire"
        verbose_name_plural = "espaces de partenaires"
