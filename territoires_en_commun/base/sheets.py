"""What the fiches of every kind of content show alike, ready for their templates."""

from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from .addresses import section_url
from .freshness import review_notice
from .links import LinkGroup, link_groups
from .listing.links import topic_links
from .listing.snapshot import kept_for_page
from .models import BasePage, Theme
from .site_info import Link


class PageSheet:
    """The data of one page; each property queries once."""

    def __init__(self, page: BasePage):
        self.page = page

    @cached_property
    def index_url(self) -> str:
        """The address of the list where the page is."""
        return section_url(self.page)

    @property
    def report_url(self) -> str:
        """Where an error is reported; empty for a page that was never saved, as in a preview."""
        return reverse("report_error", args=[self.page.pk]) if self.page.pk else ""

    @property
    def review_notice(self) -> str:
        """What visitors are told when the page was not reviewed in time."""
        return review_notice(self.page.review_date, timezone.localdate())

    def terms(self, relation: str) -> list:
        """The themes, programmes, audiences or territories of the page; a version that is previewed has its own."""

        def read() -> list:
            return list(getattr(self.page, relation).all())

        return kept_for_page(relation, self.page.pk, read) if self.page.is_as_published else read()

    @cached_property
    def theme_terms(self) -> list[Theme]:
        """The themes in force."""
        return list(dict.fromkeys(theme.current for theme in self.terms("themes")))

    @property
    def themes(self) -> list[Link]:
        """The themes, each leading to the pages of the list that share it."""
        return topic_links(self.theme_terms, self.index_url, "thematique")

    @cached_property
    def programmes(self) -> list[Link]:
        """The programmes of the State, each leading to the pages of the list that share it."""
        return topic_links(self.terms("programmes"), self.index_url, "programme")

    @cached_property
    def linked(self) -> list[LinkGroup]:
        """The other pages that go with this one; none for a page that was never saved, as in a preview."""
        return kept_for_page("links", self.page.pk, lambda: link_groups(self.page)) if self.page.pk else []
