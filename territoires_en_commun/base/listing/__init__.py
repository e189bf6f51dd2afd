"""One listing for every index page: see ``Listing``."""

from .export import Column
from .feeds import FeedItem, FeedLink, FeedListing, feed_links
from .filters import (
    AudienceFacet,
    ChoiceFacet,
    ChoicesFacet,
    Facet,
    Filter,
    ProgrammeFacet,
    QueryFilter,
    TermFacet,
    TextFilter,
    ThemeFacet,
    TypeFacet,
)
from .listing import Listing
from .periods import Archive, MonthFilter, PeriodFilter, YearFilter
from .review import REVIEW
from .searching import TextSearcher, query_words, register_text_searcher
from .snapshot import forget_snapshots
from .sorts import NEAREST, RECENT, RELEVANCE, TITLE, Ranked, Sort
from .territory import TerritoryFilter

__all__ = [
    "NEAREST",
    "RECENT",
    "RELEVANCE",
    "REVIEW",
    "TITLE",
    "Archive",
    "AudienceFacet",
    "ChoiceFacet",
    "ChoicesFacet",
    "Column",
    "Facet",
    "FeedItem",
    "FeedLink",
    "FeedListing",
    "Filter",
    "Listing",
    "MonthFilter",
    "PeriodFilter",
    "ProgrammeFacet",
    "QueryFilter",
    "Ranked",
    "Sort",
    "TermFacet",
    "TerritoryFilter",
    "TextFilter",
    "TextSearcher",
    "ThemeFacet",
    "TypeFacet",
    "YearFilter",
    "feed_links",
    "forget_snapshots",
    "query_words",
    "register_text_searcher",
]
