"""Articles, who signs them, and the sections where partners write theirs."""

from .article_parts import GalleryPicture, Interviewee
from .articles import ArticlePage
from .authors import Author, Signature
from .indexes import ArticleIndexPage, PartnerSectionPage
from .spaces import PartnerSpace

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "Author",
    "GalleryPicture",
    "Interviewee",
    "PartnerSectionPage",
    "PartnerSpace",
    "Signature",
]
