"""The terms of a page as links to the list of those who share them."""

from collections.abc import Iterable

from django.utils.http import urlencode

from .models import Term
from .site_info import Link


def topic_links(terms: Iterable[Term], list_url: str, parameter: str) -> list[Link]:
    """Each term, or the one that took over, leading to the list at ``list_url`` filtered by it."""
    in_force = [term.current for term in terms]
    return [Link(term.name, f"{list_url}?{urlencode({parameter: term.slug})}") for term in in_force]
