"""« Liens »: the addresses that published pages lead to, the dead ones first, and the demand to check one again."""

from typing import ClassVar

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseOperationView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.models import BasePage, LinkState, LinkUse
from territoires_en_commun.base.scope import visible_editors
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin
from territoires_en_commun.base.tasks import check_link_again

from .finding import labels_of_fields

RIGHTS = ["add", "change", "publish"]


def uses_seen_by(user) -> QuerySet:
    """The links of the published pages that somebody may change."""
    pages = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
    return LinkUse.objects.filter(page__live=True, page__in=pages.values("pk"))


class LinkFilters(WagtailFilterSet):
    """By state and by person in charge of the page."""

    etat = django_filters.ChoiceFilter(
        label="État", field_name="link__state", choices=LinkState.choices, empty_label="Tous"
    )
    responsable = django_filters.ModelChoiceFilter(
        label="Responsable de la revue",
        field_name="page__review_owner",
        queryset=visible_editors,
        empty_label="Tous",
    )

    class Meta:
        model = LinkUse
        fields: ClassVar[list[str]] = []


class RecheckColumn(Column):
    """A button that asks for a new check."""

    cell_template_name = "base/admin/recheck_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"token": get_token(context["request"]), "link": instance.link}


class AddressColumn(Column):
    """The address, which opens in another window; what is not of the web (« javascript: ») stays a text."""

    cell_template_name = "base/admin/address_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"is_web": instance.link.url.startswith(("https://", "http://"))}


def edit_url(use: LinkUse) -> str:
    return reverse("wagtailadmin_pages:edit", args=[use.page_id])


class PagesPolicyMixin(PermissionCheckedMixin):
    """Rights are those on pages."""

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(BasePage)


class LinkReportView(FrenchSpreadsheetMixin, PagesPolicyMixin, ReportView):
    """One row for each address in each field of each page, what is to be mended first."""

    model = LinkUse
    page_title = "Liens"
    header_icon = "link"
    index_url_name = "link_checks"
    index_results_url_name = "link_checks_results"
    filterset_class = LinkFilters
    any_permission_required = RIGHTS
    is_searchable = True
    search_fields = ["link__url", "page__title"]
    search_backend_name = None
    verbose_name_plural = "liens"
    columns = [
        TitleColumn("page", label="Page", accessor="page.title", get_url=edit_url, sort_key="page__title"),
        Column("field_label", label="Champ"),
        AddressColumn("link", label="Adresse", accessor="link.url", sort_key="link__url"),
        Column("state", label="État", accessor="link.get_state_display"),
        Column("cause", label="Constat", accessor="link.cause"),
        DayColumn("first_failed_on", label="En échec depuis", accessor="link.first_failed_on"),
        DateColumn("checked_at", label="Vérifié", accessor="link.checked_at", sort_key="link__checked_at"),
        RecheckColumn("recheck", label="Action"),
    ]
    export_filename = "liens"
    export_headings = {
        "link.url": "Adresse",
        "link.get_state_display": "État",
        "link.cause": "Constat",
        "link.failed_days": "Jours d’échec",
        "link.first_failed_on": "En échec depuis",
        "link.checked_at": "Vérifié le",
        "page.title": "Page",
        "field_label": "Champ",
        "page.review_owner": "Responsable de la revue",
        "page.full_url": "Adresse de la page",
    }
    list_export = [*export_headings]

    def get_base_queryset(self):
        ranks = [When(link__state=state, then=Value(rank)) for rank, state in enumerate(LinkState)]
        uses = uses_seen_by(self.request.user).select_related("link", "page__content_type", "page__review_owner")
        return uses.annotate(rank=Case(*ranks, output_field=IntegerField())).order_by(
            "rank", "link__first_failed_on", "link__url", "pk"
        )

    def get_filtered_queryset(self):
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list):
        """The names of the fields, in words."""
        labels = labels_of_fields((use.page.specific_class, use.field) for use in object_list)
        for use in object_list:
            use.field_label = labels[use.page.specific_class, use.field]
        return object_list


class RecheckView(PagesPolicyMixin, BaseOperationView):
    """Have an address checked again by the worker."""

    any_permission_required = RIGHTS
    http_method_names = ["post"]
    success_message = "Vérification demandée : rechargez la liste dans un instant pour en voir le résultat."

    def get_object(self):
        use = uses_seen_by(self.request.user).filter(link_id=self.pk).select_related("link").first()
        if use is None:
            raise Http404
        return use.link

    def perform_operation(self):
        check_link_again.enqueue(self.object.pk)

    def get_success_url(self):
        return self.next_url or reverse("link_checks")
