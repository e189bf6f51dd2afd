"""The statistics of the embedded database make a search read the index of texts once."""

import pytest
from django.db import connection

from territoires_en_commun.database import refresh_statistics
from tests.pages.build import make_page

pytestmark = pytest.mark.django_db


def test_statistics_are_written_where_they_serve(home):
    make_page(home, title="Une fontaine", slug="fontaine")
    refresh_statistics()
    refresh_statistics()
    if connection.vendor != "sqlite":
        assert not connection.needs_rollback
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        assert {"wagtailsearch_indexentry", "base_basepage"} <= {name for (name,) in cursor.fetchall()}
