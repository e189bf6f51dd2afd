"""What the home page shows of the rooms: the latest articles and experiences, the calls that close soon."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from agenda.highlights import closing_soon
from agenda.models import CallIndexPage
from blog.highlights import latest_articles
from blog.models import ArticleIndexPage
from ressources.experience_listing import ExperienceListing
from ressources.models import ExperienceIndexPage
from territoires_en_commun.base.listing import RECENT
from territoires_en_commun.base.listing.snapshot import current_visibility
from territoires_en_commun.base.models import IndexPage

SHOWN = 3
CACHE_SECONDS = 3600


def cached_highlights() -> SafeString:
    """The highlights, ready to show, rendered once between two changes of the public pages, and once a day."""
    state = repr((current_visibility(), timezone.localdate()))
    key = f"home.highlights.{hashlib.sha256(state.encode()).hexdigest()}"
    return cache.get_or_set(key, render_highlights, CACHE_SECONDS)


def render_highlights() -> SafeString:
    """The three blocks; a room that has nothing to show has none."""
    experiences = ExperienceListing(HttpRequest())
    context = {
        "calls": closing_soon(SHOWN),
        "calls_url": address_of(CallIndexPage),
        "experiences": experiences.rows_of(list(experiences.snapshot.orders[RECENT.name][:SHOWN])),
        "experiences_url": address_of(ExperienceIndexPage),
        "articles": latest_articles(SHOWN),
        "articles_url": address_of(ArticleIndexPage),
    }
    return render_to_string("home/highlights.html", context)


def address_of(model: type[IndexPage]) -> str:
    """The address of the index of a room, empty when it is not published."""
    index = model.objects.live_public().first()
    return index.get_url() if index else ""
