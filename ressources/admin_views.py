"""What editors do and see of kits besides editing them: adapting one, and counting downloads."""

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from ressources.kit_services import adapt_kit, adaptation_refusal, may_adapt
from ressources.models import Download, KitPage
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.scope import visible_pages
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin


class AdaptView(WagtailAdminTemplateMixin, TemplateView):
    """« Adapter ce kit »: what it does or why it may not be, then, once posted, the draft."""

    template_name = "ressources/admin/adapt.html"
    page_title = "Adapter ce kit"
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not may_adapt(request.user, self.kit):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def kit(self) -> KitPage:
        return get_object_or_404(KitPage, pk=self.kwargs["pk"])

    @cached_property
    def list_url(self) -> str:
        return reverse("wagtailadmin_explore", args=[self.kit.get_parent().pk])

    def post(self, request: HttpRequest, *args, **kwargs):
        try:
            copy = adapt_kit(self.kit, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.list_url)
        messages.success(request, f"Brouillon « {copy.title} » créé\u00a0: complétez-le.")
        return redirect("wagtailadmin_pages:edit", copy.pk)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": self.list_url, "label": "Ressources"},
            {"label": "Adapter ce kit"},
        ]

    def get_context_data(self, **kwargs):
        refusal = adaptation_refusal(self.kit)
        return super().get_context_data(kit=self.kit, list_url=self.list_url, refusal=refusal, **kwargs)


def visible_kits(request: HttpRequest) -> QuerySet[KitPage]:
    """The kits whose titles this person may read: drafts and private kits are for those who work on them."""
    return visible_pages(request.user, KitPage.objects.order_by("title"))


class DownloadFilterSet(WagtailFilterSet):
    """By period and by kit."""

    day = django_filters.DateFromToRangeFilter(label="Période", widget=DateRangePickerWidget)
    kit = django_filters.ModelChoiceFilter(label="Kit", queryset=visible_kits)

    class Meta:
        model = Download
        fields: list[str] = []


class DownloadReportView(FrenchSpreadsheetMixin, ReportView):
    """Downloads by day and by file of the kits that they may read, for those who write pages."""

    model = Download
    page_title = "Téléchargements"
    header_icon = "download"
    filterset_class = DownloadFilterSet
    index_url_name = "download_report"
    index_results_url_name = "download_report_results"
    default_ordering = "-day"
    any_permission_required = ["add", "change", "publish"]
    columns = [
        TitleColumn("kit", label="Kit", accessor="kit.title", get_url=lambda row: edit_url(row.kit_id)),
        Column("target", label="Fichier"),
        Column("day", label="Jour", accessor=lambda row: date_format(row.day), sort_key="day"),
        NumberColumn("count", label="Téléchargements", sort_key="count"),
    ]
    list_export = ["kit.title", "target", "day", "count"]
    export_headings = {"kit.title": "Kit", "target": "Fichier", "day": "Jour", "count": "Téléchargements"}
    export_filename = "telechargements"

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(BasePage)

    def get_queryset(self):
        visible = visible_kits(self.request).order_by().values("pk")
        return super().get_queryset().filter(kit__in=visible).select_related("kit", "document")


def edit_url(pk: int) -> str:
    """The editor of a page."""
    return reverse("wagtailadmin_pages:edit", args=[pk])
