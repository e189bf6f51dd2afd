"""« Signalements »: what visitors say is wrong, to answer."""

import django_filters
from django.db.models import QuerySet
from django.urls import path
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from territoires_en_commun.base.models import ErrorReport
from territoires_en_commun.base.report_views import CloseView


class AnsweredPolicy(ModelPermissionPolicy):
    """Reports come from visitors: nobody, superusers included, adds or deletes one by hand."""

    def user_has_permission(self, user, action: str) -> bool:
        return action in ("view", "change") and super().user_has_permission(user, action)


register_permission_policy(ErrorReport, AnsweredPolicy(ErrorReport))


class ErrorReportFilterSet(WagtailFilterSet):
    """To answer, or answered."""

    state = django_filters.ChoiceFilter(
        label="État", choices=[("ouvert", "À traiter"), ("traite", "Traité")], method="filter_state"
    )

    class Meta:
        model = ErrorReport
        fields = ["created_at"]

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(closed_at__isnull=value == "ouvert")


class ErrorReportIndexView(IndexView):
    """The reports, the latest first."""

    def get_base_queryset(self):
        return ErrorReport.objects.select_related("closed_by")

    def get_edit_url(self, instance):
        return None


class ErrorReportViewSet(ModelViewSet):
    """Read and answered, never written by hand."""

    model = ErrorReport
    name = "signalements"
    icon = "warning"
    menu_label = "Signalements"
    menu_order = 360
    add_to_admin_menu = True
    add_to_reference_index = False
    list_per_page = 50
    search_fields = ["page_title", "message"]
    search_backend_name = None
    index_view_class = ErrorReportIndexView
    filterset_class = ErrorReportFilterSet
    form_fields: list[str] = []

    @property
    def list_display(self):
        return [
            TitleColumn("page_title", label="Page", url_name=self.get_url_name("close")),
            Column("message", label="Signalement", accessor=lambda report: report.message[:120]),
            Column("state_label", label="État"),
            DateColumn("created_at", label="Reçu"),
            Column("closed_by", label="Traité par"),
        ]

    def register_admin_url_finder(self):
        """There is no page where these rows are edited."""

    @property
    def close_view(self):
        return self.construct_view(CloseView, index_url_name=self.get_url_name("index"))

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.close_view, name="close"),
        ]
