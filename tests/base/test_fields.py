"""The slim StreamField: no block in migrations, no data lost in them."""

from django.db import models
from django.db.migrations.writer import MigrationWriter

from territoires_en_commun.base.blocks import ContentBlock
from territoires_en_commun.base.fields import SlimStreamField
from territoires_en_commun.home.models import StandardPage
from tests.factories import StandardPageFactory

STORED = [{"type": "ancien_bloc", "value": {"a": 1}, "id": "1"}, {"type": "text", "value": "<p>a</p>", "id": "2"}]


def test_slim_stream_field_keeps_its_blocks_out_of_migrations():
    field = SlimStreamField(ContentBlock(), verbose_name="contenu", blank=True)
    field.set_attributes_from_name("body")
    _name, path, args, kwargs = field.deconstruct()
    assert path == "territoires_en_commun.base.fields.SlimStreamField"
    assert (args, kwargs) == ([], {"verbose_name": "contenu", "blank": True})
    assert "heading" not in MigrationWriter.serialize(field)[0]


def test_slim_stream_field_without_blocks_hands_data_through():
    field = SlimStreamField(blank=True)
    value = field.to_python(STORED)
    assert field.get_prep_value(value) == STORED


def test_slim_stream_field_without_blocks_keeps_rows_saved_by_a_migration(home):
    page = StandardPageFactory(parent=home)
    StandardPage.objects.filter(pk=page.pk).update(body=models.Value(STORED, output_field=models.JSONField()))

    class HistoricalPage(models.Model):  # noqa: DJ008 - as a migration sees it
        basepage_ptr_id = models.IntegerField(primary_key=True)
        body = SlimStreamField(blank=True)

        class Meta:
            app_label = "historical"
            managed = False
            db_table = StandardPage._meta.db_table

    row = HistoricalPage.objects.get(pk=page.pk)
    row.save()
    stored = StandardPage.objects.filter(pk=page.pk).values_list(
        models.functions.Cast("body", models.JSONField()), flat=True
    )
    assert stored.get() == STORED
