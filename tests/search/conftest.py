"""Fixtures of the search."""

from tests.search.elasticsearch import elasticsearch_server, elasticsearch_url

__all__ = ["elasticsearch_server", "elasticsearch_url"]
