"""A small site for the tests of listings: pages on themes, programmes and territories, and one listing of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import RequestFactory
from wagtail.models import Site

from search.listings import SearchListing
from tests.pages.build import complete
from tests.pages.build import make_section as make_test_section

START = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Europe/Paris"))


def make_section(title):
    """The root page of the default site."""
    section = make_test_section(title)
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port, site.root_page = "testserver", 80, section
    site.save()
    return section


def add_page(parent, title, *, day=0, territories=(), programmes=(), **fields):
    """A live page published ``day`` days after the first one."""
    page = complete(title=title, live=True, first_published_at=START + timedelta(days=day), **fields)
    page.territories = list(territories)
    page.programmes = list(programmes)
    return parent.add_child(instance=page)


def listing_of(query="", listing_class=SearchListing, **kwargs):
    """The listing that an address shows."""
    return listing_class(RequestFactory().get(f"/recherche/{query}", HTTP_HOST="testserver"), **kwargs)


def titles(listing):
    """The titles shown, in order."""
    return [page.title for page in listing.items]


def counts(listing, name):
    """The values of a facet with their counts."""
    facet = next((facet for facet in listing.shown_facets() if facet.name == name), None)
    return {value.value: value.count for value in facet.values} if facet else {}
