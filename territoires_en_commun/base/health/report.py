"""« Santé des contenus »: the published pages that have a problem, in one list."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import ClassVar, NamedTuple

import django_filters
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import get_page_content_types
from wagtail.permissions import policy_registry

from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.scope import visible_editors
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin

from .problems import PROBLEMS

NOBODY = "aucun"
PREFIX = "has_"


def conditions(today: dt.date) -> dict[str, Q]:
    """The condition of each problem on that day, by its key."""
    return {problem.key: problem.condition(today) for problem in PROBLEMS}


def problem_labels(page: BasePage) -> list[str]:
    """What is wrong with a page of the report."""
    return [problem.label for problem in PROBLEMS if getattr(page, PREFIX + problem.key)]


class HealthFilters(WagtailFilterSet):
    """By problem, person in charge and page type."""

    probleme = django_filters.ChoiceFilter(
        label="Problème",
        method="filter_problem",
        choices=[(problem.key, problem.label) for problem in PROBLEMS],
        empty_label="Tous",
    )
    responsable = django_filters.ModelChoiceFilter(
        label="Responsable de la revue",
        field_name="review_owner",
        queryset=visible_editors,
        empty_label="Tous",
        null_label="Personne",
        null_value=NOBODY,
    )
    type = ContentTypeFilter(
        label="Type de page",
        field_name="content_type",
        queryset=lambda request: get_page_content_types(include_base_page_type=False),
        empty_label="Tous",
    )

    class Meta:
        model = BasePage
        fields: ClassVar[list[str]] = []

    def filter_problem(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{PREFIX + value: True})


class ProblemCount(NamedTuple):
    """A problem above the list: how many pages have it, and the link that shows them."""

    label: str
    advice: str
    count: int
    url: str
    is_chosen: bool


class ProblemsColumn(Column):
    """What is wrong, one line each."""

    cell_template_name = "base/admin/problems_cell.html"


def edit_url(page: BasePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class HealthReportView(FrenchSpreadsheetMixin, ReportView):
    """The published pages that somebody may change and that have a problem."""

    model = BasePage
    page_title = "Santé des contenus"
    header_icon = "circle-check"
    results_template_name = "base/admin/health_results.html"
    index_url_name = "content_health"
    index_results_url_name = "content_health_results"
    filterset_class = HealthFilters
    any_permission_required = ["add", "change", "publish"]
    default_ordering = "title"
    verbose_name_plural = "pages à reprendre"
    columns = [
        TitleColumn("title", label="Page", get_url=edit_url, sort_key="title"),
        Column("type", label="Type", accessor="page_type_display_name"),
        ProblemsColumn("problems", label="À reprendre", accessor=problem_labels),
        Column("review_owner", label="Responsable", sort_key="review_owner__last_name"),
        DayColumn("review_date", label="À revoir", sort_key="review_date"),
        DateColumn("last_published_at", label="Publiée", sort_key="last_published_at"),
    ]
    export_filename = "sante-des-contenus"
    export_headings = {
        "title": "Page",
        "page_type_display_name": "Type",
        "problems": "À reprendre",
        "review_owner": "Responsable de la revue",
        "review_date": "Date de revue",
        "last_published_at": "Dernière publication",
        "full_url": "Adresse",
    }
    list_export = [*export_headings]

    @cached_property
    def conditions(self) -> dict[str, Q]:
        return conditions(timezone.localdate())

    def get_base_queryset(self):
        """The published pages that the account may change."""
        pages = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(self.request.user, "change")
        return pages.live().filter(depth__gt=1).select_related("review_owner").order_by("title", "pk")

    def get_queryset(self):
        flags = {
            PREFIX + key: ExpressionWrapper(condition, BooleanField()) for key, condition in self.conditions.items()
        }
        pages = self.get_base_queryset().filter(reduce(or_, self.conditions.values())).annotate(**flags)
        return self.filter_queryset(self.order_queryset(pages))

    def get_filtered_queryset(self):
        return self.get_queryset()

    def problem_counts(self) -> list[ProblemCount]:
        """How many pages have each problem, the other filters kept."""
        query = self.request.GET.copy()
        for name in ("probleme", "export", self.page_kwarg, "_w_filter_fragment"):
            query.pop(name, None)
        others = self.filterset_class(query, request=self.request)
        pages = others.filter_queryset(self.get_base_queryset()) if others.is_valid() else self.get_base_queryset()
        counts = pages.order_by().aggregate(
            **{key: Count("pk", filter=condition) for key, condition in self.conditions.items()}
        )
        chosen = self.filters.form.cleaned_data.get("probleme") if self.filters.is_valid() else ""
        return [
            ProblemCount(
                problem.label,
                problem.advice,
                counts[problem.key],
                self._url_of(query, problem.key),
                problem.key == chosen,
            )
            for problem in PROBLEMS
        ]

    def _url_of(self, query, key: str) -> str:
        query = query.copy()
        query["probleme"] = key
        return f"{reverse(self.index_url_name)}?{query.urlencode()}"

    def to_row_dict(self, item):
        values = {name: getattr(item, name) for name in self.list_export if name != "problems"}
        values["problems"] = " ; ".join(problem_labels(item))
        return {name: values[name] for name in self.list_export}

    def get_context_data(self, **kwargs):
        return super().get_context_data(problem_counts=self.problem_counts(), **kwargs)
