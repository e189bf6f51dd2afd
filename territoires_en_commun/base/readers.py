"""Who reads a page: what counts are made on leaves robots and browsers that read ahead aside."""

import re

from django.http import HttpRequest

# What robots call themselves in their User-Agent.
ROBOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiver|preview|facebookexternalhit|monitor|headless", re.IGNORECASE
)


def is_a_reader(request: HttpRequest) -> bool:
    """Whether somebody asked for this: no HEAD, no prefetch, no declared robot."""
    if request.method != "GET":
        return False
    if "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""):
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and not ROBOTS.search(agent)
