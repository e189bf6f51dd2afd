"""Articles, and the sections where partners write theirs."""

from .indexes import ArticleIndexPage, PartnerSectionPage
from .spaces import PartnerSpace

__all__ = ["ArticleIndexPage", "PartnerSectionPage", "PartnerSpace"]
