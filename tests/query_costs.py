"""How many queries a visit costs."""

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from territoires_en_commun.base.listing import forget_snapshots


def cost_of_visit(client, url: str, *, is_cold: bool) -> int:
    """The queries of one visit; ``is_cold``: with nothing in memory, as the first one after a deployment."""
    if is_cold:
        forget_snapshots()
        cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200, url
        assert response.getvalue()
    return len(queries)
