"""« Fichiers illisibles »: the documents whose text the search could not read, why, and the pages that use them."""

from collections import defaultdict
from typing import ClassVar

import django_filters
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from territoires_en_commun.base.health.problems import page_references
from territoires_en_commun.base.models import BasePage, CustomDocument
from territoires_en_commun.base.scope import visible_pages
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin

from .models import FileText
from .problems import FileProblem
from .todo import unreadable_files_of


class UnreadableFileFilters(WagtailFilterSet):
    """By reason."""

    raison = django_filters.ChoiceFilter(
        label="Raison",
        field_name="problem",
        choices=[(problem.value, problem.label) for problem in FileProblem],
        empty_label="Toutes",
    )

    class Meta:
        model = FileText
        fields: ClassVar[list[str]] = []


class PagesColumn(Column):
    """The pages that use a document, each with a link for who may change it."""

    cell_template_name = "search/admin/pages_cell.html"


def document_url(text: FileText) -> str:
    """The form where the file is replaced."""
    return reverse("wagtaildocs:edit", args=[text.document_id])


def problem_advice(text: FileText) -> str:
    """What an editor can do about it."""
    return FileProblem(text.problem).advice


def using_pages(user, documents: list[int]) -> dict[int, list[BasePage]]:
    """The pages that use these documents, by document, among those that somebody may know.

    ``edit_url`` is empty on those that they may not change.
    """
    uses = list(page_references(CustomDocument).filter(target__in=documents).values_list("target", "source"))
    sources = BasePage.objects.filter(pk__in={source for _, source in uses})
    changeable = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
    editable = set(changeable.filter(pk__in=sources.values("pk")).values_list("pk", flat=True))
    pages = visible_pages(user, sources).only("title", "draft_title").in_bulk()
    for page in pages.values():
        page.edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk in editable else ""
    found = defaultdict(set)
    for document, source in uses:
        if source in pages:
            found[document].add(source)
    return {
        document: sorted((pages[key] for key in keys), key=lambda page: (page.title, page.pk))
        for document, keys in found.items()
    }


class UnreadableFilesView(FrenchSpreadsheetMixin, ReportView):
    """One row for each file that could not be read, the latest first."""

    model = FileText
    page_title = "Fichiers illisibles"
    header_icon = "doc-full"
    index_url_name = "unreadable_files"
    index_results_url_name = "unreadable_files_results"
    filterset_class = UnreadableFileFilters
    any_permission_required = ["change"]
    is_searchable = True
    search_fields = ["document__title", "file_name"]
    search_backend_name = None
    verbose_name_plural = "fichiers illisibles"
    columns = [
        TitleColumn(
            "document", label="Document", accessor="document.title", get_url=document_url, sort_key="document__title"
        ),
        Column("problem", label="Raison", accessor="get_problem_display", sort_key="problem"),
        Column("advice", label="À faire", accessor=problem_advice),
        PagesColumn("pages", label="Pages qui l’utilisent", accessor="used_on"),
        DateColumn("extracted_at", label="Constaté", sort_key="extracted_at"),
    ]
    export_filename = "fichiers-illisibles"
    export_headings = {
        "document": "Document",
        "problem": "Raison",
        "advice": "À faire",
        "pages": "Pages qui l’utilisent",
        "extracted_at": "Constaté le",
    }
    list_export = [*export_headings]

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(CustomDocument)

    def get_base_queryset(self):
        return unreadable_files_of(self.request.user).select_related("document").order_by("-extracted_at", "pk")

    def get_filtered_queryset(self):
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list):
        """The pages that use each file."""
        used_on = using_pages(self.request.user, [text.document_id for text in object_list])
        for text in object_list:
            text.used_on = used_on.get(text.document_id, [])
        return object_list

    @cached_property
    def exported_pages(self) -> dict[int, list[BasePage]]:
        """The pages that use each document, whatever the page of the list."""
        documents = self.get_base_queryset().values_list("document", flat=True)
        return using_pages(self.request.user, list(documents))

    def to_row_dict(self, item):
        return {
            "document": item.document.title,
            "problem": item.get_problem_display(),
            "advice": problem_advice(item),
            "pages": " ; ".join(page.title for page in self.exported_pages.get(item.document_id, [])),
            "extracted_at": item.extracted_at,
        }


class UnreadableFilesMenuItem(MenuItem):
    """For those who may change some document."""

    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(CustomDocument).user_has_permission(request.user, "change")
