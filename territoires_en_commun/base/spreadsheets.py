"""Exports of the editing space: spreadsheets that open well in French, in which no cell is a formula."""

from datetime import datetime
from functools import partial
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from territoires_en_commun.base.formats import dialled_in_france
from territoires_en_commun.imports.csv_files import csv_rows


def yes_or_no(value: bool) -> str:
    return "oui" if value else "non"


def nothing(_value: None) -> str:
    return ""


def paris_time(moment: datetime) -> datetime:
    """The time that clocks show in France: spreadsheets know no time zone."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def written_moment(moment: datetime) -> str:
    """« 2026-11-28 19:30 », which French spreadsheets read as a day and an hour."""
    return f"{paris_time(moment):%Y-%m-%d %H:%M}"


class FrenchSpreadsheetMixin(SpreadsheetExportMixin):
    """Wagtail's export in CSV and XLSX, with the CSV of our public lists (imports/csv_files.py)."""

    custom_value_preprocess = {
        bool: dict.fromkeys(SpreadsheetExportMixin.FORMATS, yes_or_no),
        type(None): dict.fromkeys(SpreadsheetExportMixin.FORMATS, nothing),
        PhoneNumber: dict.fromkeys(SpreadsheetExportMixin.FORMATS, dialled_in_france),
        **SpreadsheetExportMixin.custom_value_preprocess,
        datetime: {
            SpreadsheetExportMixin.FORMAT_XLSX: paris_time,
            SpreadsheetExportMixin.FORMAT_CSV: written_moment,
        },
    }

    def stream_csv(self, queryset):
        headings = [self.get_heading(queryset, field) for field in self.list_export]
        return csv_rows(chain([headings], (self._cells(item) for item in queryset)))

    def _cells(self, item) -> list:
        tell = partial(self.preprocess_field_value, export_format=self.FORMAT_CSV)
        return [tell(field, value) for field, value in self.to_row_dict(item).items()]

    def write_csv_response(self, queryset):
        response = StreamingHttpResponse(self.stream_csv(queryset), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.get_filename()}.csv"'
        return response
