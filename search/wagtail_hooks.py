"""What the search adds to Wagtail's editing space."""

from django.urls import path, reverse
from wagtail import hooks

from search.files.report import UnreadableFilesMenuItem, UnreadableFilesView


@hooks.register("register_admin_urls")
def register_report_urls():
    files = "reports/fichiers/"
    return [
        path(files, UnreadableFilesView.as_view(), name="unreadable_files"),
        path(f"{files}results/", UnreadableFilesView.as_view(results_only=True), name="unreadable_files_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_unreadable_files():
    url = reverse("unreadable_files")
    return UnreadableFilesMenuItem("Fichiers illisibles", url, name="fichiers", icon_name="doc-full", order=25)
