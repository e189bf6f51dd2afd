"""Addresses that the views of the site answer before any page does."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from wagtail.models import AbstractPage


def is_a_view(parent: AbstractPage | None, slug: str) -> bool:
    """Whether a page with this slug would be hidden by a view of the site, which answers the same address."""
    url = parent.get_url() if parent else None
    if not url:
        return False
    try:
        return resolve(f"{urlsplit(url).path}{slug}/").url_name != "wagtail_serve"
    except Resolver404:
        return False
