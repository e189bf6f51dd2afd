"""The search in Wagtail's editing space."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from search.files.report import UnreadableFilesMenuItem, UnreadableFilesView
from search.models import SearchLogEntry
from search.report_views import SearchReportView
from search.viewsets import SearchGroup


@hooks.register("register_admin_viewset")
def register_lists():
    return SearchGroup()


@hooks.register("register_admin_urls")
def register_report_urls():
    files = "reports/fichiers/"
    return [
        path(files, UnreadableFilesView.as_view(), name="unreadable_files"),
        path(f"{files}results/", UnreadableFilesView.as_view(results_only=True), name="unreadable_files_results"),
        path("reports/recherches/", SearchReportView.as_view(), name="search_report"),
    ]


@hooks.register("register_reports_menu_item")
def register_unreadable_files():
    url = reverse("unreadable_files")
    return UnreadableFilesMenuItem("Fichiers illisibles", url, name="fichiers", icon_name="doc-full", order=25)


class SearchReportMenuItem(MenuItem):
    """For those who may read the log."""

    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(SearchLogEntry).user_has_permission(request.user, "view")


@hooks.register("register_reports_menu_item")
def register_search_report():
    return SearchReportMenuItem(
        "Recherches", reverse("search_report"), name="recherches", icon_name="search", order=30
    )
