"""What the home page shows of the rooms: latest articles and experiences, next events, calls that close soon."""

import hashlib

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from agenda.highlights import closing_soon, next_events
from blog.highlights import latest_articles
from ressources.experience_listing import ExperienceListing, ExperienceRow
from territoires_en_commun.base.addresses import section_url
from territoires_en_commun.base.listing.snapshot import current_visibility
from territoires_en_commun.base.pictures import prepare_pictures

SHOWN = 3
CACHE_SECONDS = 3600


def cached_highlights() -> SafeString:
    """The highlights, ready to show, rendered once between two changes of the public pages, and once a day."""
    state = repr((current_visibility(), timezone.localdate()))
    key = f"home.highlights.{hashlib.sha256(state.encode()).hexdigest()}"
    return cache.get_or_set(key, render_highlights, CACHE_SECONDS)


def render_highlights() -> SafeString:
    """The four blocks; a room that has nothing to show has none."""
    blocks = {
        "events": next_events(SHOWN),
        "calls": closing_soon(SHOWN),
        "experiences": latest_experiences(SHOWN),
        "articles": latest_articles(SHOWN),
    }
    prepare_pictures(card=[row.page.image for row in blocks["articles"]])
    urls = {f"{name}_url": section_url(rows[0].page) for name, rows in blocks.items() if rows}
    return render_to_string("home/highlights.html", blocks | urls)


def latest_experiences(count: int) -> list[ExperienceRow]:
    """The experiences published last."""
    listing = ExperienceListing.quoted()
    return listing.rows_among(listing.light_pages().order_by("-first_published_at", "-pk"), count)
