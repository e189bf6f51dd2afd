"""Rapports → « Recherches »."""

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from territoires_en_commun.imports.csv_files import csv_rows

from .models import SearchLogEntry
from .report import EXPORTED, SHOWN, TABLES, Period, ReportTable


class ReportForm(forms.Form):
    """The period, and the table that is asked as a file."""

    periode = forms.ChoiceField(
        label="Période",
        choices=Period.choices,
        required=False,
        error_messages={"invalid_choice": "Cette période n’existe pas : le rapport montre les 30 derniers jours."},
    )
    export = forms.ChoiceField(
        choices=[(key, key) for key in TABLES],
        required=False,
        error_messages={"invalid_choice": "Ce tableau n’existe pas."},
    )


class SearchReportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The tables of a period, or one of them as a file."""

    model = SearchLogEntry
    permission_required = "view"
    template_name = "search/admin/report.html"
    page_title = "Recherches"
    header_icon = "search"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": "Recherches"}]

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.form = ReportForm(request.GET or {"periode": Period.MONTH.value})
        self.form.is_valid()
        self.period = Period(self.form.cleaned_data.get("periode") or Period.MONTH)
        if export := self.form.cleaned_data.get("export"):
            return as_file(TABLES[export](self.period, EXPORTED), self.period)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        tables = [table(self.period, SHOWN) for table in TABLES.values()]
        return super().get_context_data(form=self.form, period=self.period, tables=tables, shown=SHOWN, **kwargs)


def as_file(table: ReportTable, period: Period) -> StreamingHttpResponse:
    """A table as a CSV that French spreadsheets open."""
    response = StreamingHttpResponse(csv_rows([table.headings, *table.rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="recherches-{table.key}-{period.value}.csv"'
    return response
