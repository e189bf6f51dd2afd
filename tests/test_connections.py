"""Several connections at once, on a database where what each writes is committed."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ressources.kit_services import count_download
from ressources.models import Download
from territoires_en_commun.base.models import BasePage, mark_change
from territoires_en_commun.territories.search.store import IndexStore
from tests.filled_site import init_site
from tests.mailing.workers import connected_to_a_copy
from tests.ressources.kits import STEP, file_piece, make_document, make_kit
from tests.territories.small_france import import_small_france
from tests.territories.whole_france import whole_index

one_writer = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def together(*acts) -> None:
    """Run these acts, each with a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(timeout=10)
        act()
        connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@one_writer
def test_long_transaction_keeps_nobody_waiting(own_database):
    mark_change()
    with transaction.atomic():
        mark_change()
        other = threading.Thread(target=together, args=[mark_change])
        other.start()
        other.join(timeout=5)
        assert not other.is_alive()


@one_writer
def test_no_download_is_lost_when_many_come_together(own_database):
    init_site()
    kit = make_kit(pieces=[STEP, file_piece(make_document())])
    document, day = kit.pieces[1].value["document"], timezone.localdate()

    def download():
        for _ in range(5):
            count_download(kit=kit, document=document, day=day)

    together(*[download] * 8)
    assert list(Download.objects.values_list("document", "count")) == [(document.pk, 40)]


def test_search_from_several_threads_at_once_builds_one_index(own_database, settings):
    import_small_france()
    settings.TERRITORY_SEARCH_REFRESH = 30
    own = IndexStore()
    own._index = first = whole_index()
    own._stale = True
    seen = []
    with own._lock:  # a thread is rebuilding
        together(*[lambda: seen.append(own.get())] * 4)
    assert seen == [first] * 4


def test_common_database_is_left_as_it_was(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        before = BasePage.objects.count()
        with connected_to_a_copy(tmp_path):
            BasePage.objects.all().delete()
            assert BasePage.objects.count() == 0
        assert BasePage.objects.count() == before >= 1
