"""The results of a listing as feeds: every filtered list can be followed in a reader, in RSS 2.0 or Atom (RFC 4287).

A feed gives the latest results, whatever the order of the list; what is wrong in its address is left aside, since a
reader of feeds shows no notice.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.site_info import get_site_info

from .links import listing_url
from .listing import Listing
from .sorts import RECENT

ITEMS_DEFAULT = 20
ITEMS_MAX = 100
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot hold, even escaped (section 2.2).
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class DatedByItems:
    """A feed without items has a date that does not move, so that its ETag does not either."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NO_DATE


class RssFeed(DatedByItems, Rss201rev2Feed):
    """RSS 2.0."""


class AtomFeed(DatedByItems, Atom1Feed):
    """Atom 1.0."""


FORMATS: dict[str, tuple[str, type[SyndicationFeed]]] = {"rss": ("RSS", RssFeed), "atom": ("Atom", AtomFeed)}


class FeedLink(NamedTuple):
    """The address of a feed: the name of its format, its title, its media type."""

    format: str
    title: str
    media_type: str
    url: str


class FeedItem(NamedTuple):
    """A page as a feed tells it; by its summary, and its publication, unless a room says more."""

    page: BasePage
    published_at: datetime
    author: str = ""
    categories: Sequence[str] = ()
    description: str = ""
    changed_at: datetime = NO_DATE


def feed_links(path: str, parameters: dict[str, list[str]], title: str) -> list[FeedLink]:
    """The feeds of the list at ``path``, filtered by ``parameters``."""
    return [
        FeedLink(
            label, title, feed.content_type.partition(";")[0], listing_url(path, {**parameters, "export": [name]})
        )
        for name, (label, feed) in FORMATS.items()
    ]


def readable(text: str) -> str:
    """A text without the characters that XML refuses."""
    return NOT_XML.sub("", text)


class LimitField(forms.IntegerField):
    """The number of items of a feed."""

    def __init__(self):
        super().__init__(
            required=False,
            min_value=1,
            max_value=ITEMS_MAX,
            error_messages={"invalid": f"un flux donne de 1 à {ITEMS_MAX} contenus"},
        )


class FeedListing(Listing):
    """A listing that is also a feed; its ``sorts`` have one named as ``RECENT``."""

    exports = {**Listing.exports, "rss": "export_rss", "atom": "export_atom"}

    # What a room may override

    def feed_item(self, page: Any) -> FeedItem:
        """A page as a feed tells it."""
        return FeedItem(page, page.first_published_at or NO_DATE, categories=self.theme_labels(page))

    def feed_pages(self, pages: QuerySet) -> QuerySet:
        """The queryset of the items, with what ``feed_item`` reads."""
        return pages

    @property
    def feed_name(self) -> str:
        """What the feeds are called, without the filters in use."""
        return self.results_title

    # The feeds

    def other_fields(self) -> dict[str, forms.Field]:
        return {**super().other_fields(), "limite": LimitField()}

    @property
    def feed_title(self) -> str:
        """« Articles – Reportage – Creuse (23) – Territoires en commun »."""
        return " – ".join([self.feed_name, *(tag.label for tag in self.tags), get_site_info().name])

    @property
    def feed_parameters(self) -> dict[str, list[str]]:
        """The filters in use; a feed has its own order."""
        return {name: values for name, values in self.parameters.items() if name != "tri"}

    @property
    def feeds(self) -> list[FeedLink]:
        """The feeds of these results."""
        return feed_links(self.path, self.feed_parameters, self.feed_title)

    @property
    def feed_items(self) -> list[FeedItem]:
        """The latest results."""
        latest = (pk for pk in self.snapshot.orders[RECENT.name] if pk in self.selected)
        limit = self.form.kept.get("limite", ITEMS_DEFAULT)
        pks = [pk for pk, _ in zip(latest, range(limit), strict=False)]
        return [self.feed_item(page) for page in self.read(pks, self.feed_pages(self.light_pages()))]

    def export_rss(self) -> HttpResponse:
        """The latest results in RSS."""
        return self._feed("rss")

    def export_atom(self) -> HttpResponse:
        """The latest results in Atom."""
        return self._feed("atom")

    def _feed(self, name: str) -> HttpResponse:
        limit = self.form.kept.get("limite")
        own = {**self.feed_parameters, "export": [name], "limite": [str(limit)] if limit else []}
        site = get_site_info()
        feed = FORMATS[name][1](
            title=readable(self.feed_title),
            link=settings.SITE_URL + listing_url(self.path, self.feed_parameters),
            description=readable(site.description or self.feed_title),
            language="fr",
            author_name=site.name,
            author_link=settings.SITE_URL,
            feed_url=settings.SITE_URL + listing_url(self.path, own),
        )
        for item in self.feed_items:
            add_item(feed, item)
        response = HttpResponse(content_type=feed.content_type)
        response["X-Robots-Tag"] = "noindex"
        feed.write(response, "utf-8")
        return response


def add_item(feed: SyndicationFeed, item: FeedItem) -> None:
    """Write a page in a feed; its identifier outlives a change of address."""
    page = item.page
    feed.add_item(
        title=readable(page.title),
        link=settings.SITE_URL + page.get_url(),
        description=readable(item.description or page.summary),
        unique_id=page.uuid.urn,
        unique_id_is_permalink=False,
        pubdate=item.published_at,
        updateddate=max(item.published_at, item.changed_at, page.last_published_at or NO_DATE),
        author_name=readable(item.author) or None,
        categories=[readable(category) for category in item.categories],
    )
