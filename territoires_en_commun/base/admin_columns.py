"""Columns that our lists of the editing space share."""

from django.utils.formats import date_format
from wagtail.admin.ui.tables import Column


class DayColumn(Column):
    """A day, as « 24/11/2026 »: Wagtail's own column tells how long ago, and makes « 0 minute » of what is to come."""

    def get_value(self, instance):
        value = super().get_value(instance)
        return date_format(value, "d/m/Y") if value else ""
