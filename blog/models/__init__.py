"""Articles, and the sections where partners write theirs."""

from .indexes import ArticleIndexPage, PartnerSectionPage

__all__ = ["ArticleIndexPage", "PartnerSectionPage"]
