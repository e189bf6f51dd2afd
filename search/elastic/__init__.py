"""Elasticsearch 9: the engine of production, where ``SEARCH_URL`` names a server."""
