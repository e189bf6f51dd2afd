"""The shortcut that gives tests their site says the same as the command."""

import pytest
from django.db import transaction

from territoires_en_commun.base.models import BasePage, CustomDocument, Theme
from tests import filled_site as shortcut
from tests.factories import ThemeFactory
from tests.ressources.kits import make_document

pytestmark = pytest.mark.django_db


def rows_after(act) -> dict:
    with transaction.atomic():
        act()
        rows = {table: shortcut._read(table) for table in shortcut._tables()}
        transaction.set_rollback(True)
    return rows


def restore() -> None:
    shortcut.fill_once(shortcut.init_site)


def test_rows_are_those_of_the_command():
    restored = rows_after(restore)
    counts = {table: len(rows) for table, rows in rows_after(shortcut.init_site).items()}
    assert {table: len(rows) for table, rows in restored.items()} == counts
    assert restored == rows_after(restore)


def test_restored_site_is_whole():
    restore()
    assert BasePage.objects.search("mentions légales").count() >= 1
    assert Theme.objects.count() > 40
    fresh = ThemeFactory(name="Une de plus")
    assert Theme.objects.filter(pk=fresh.pk).count() == 1


def test_command_runs_where_the_database_is_not_empty():
    theme = ThemeFactory(name="Déjà là")
    restore()
    assert list(Theme.objects.all()) == [theme]  # themes are given to a site that has none
    assert BasePage.objects.filter(slug="mentions-legales").exists()


def test_what_tests_share_is_written_once():
    written = []

    def write(prefix):
        written.append(ThemeFactory(name=f"{prefix} partagée"))

    first, second = (rows_after(lambda: shortcut.fill_once(write, "Eau")) for _ in range(2))
    assert (len(written), first) == (1, second)
    assert any("Eau partagée" in row for row in first["base_theme"])


def test_files_come_back_with_the_rows_that_name_them(settings):
    def write():
        make_document("Texte", "partage.odt", b"contenu")

    rows_after(lambda: shortcut.fill_once(write))
    settings.STORAGES = {**settings.STORAGES}  # what was in memory is lost
    shortcut.fill_once(write)
    assert CustomDocument.objects.get().file.read() == b"contenu"
