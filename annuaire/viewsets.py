"""« Acteurs »: every fiche in one list, to find, sort, export and verify."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import GenericPageFilterSet, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from annuaire.kinds import ActorType, SheetStatus
from annuaire.models import ActorPage
from annuaire.models.actor import FRESH_FOR
from territoires_en_commun.base.scope import is_confined


class ActorFilterSet(GenericPageFilterSet):
    """By type, by state of the fiche, and those that nobody verified for a year."""

    type = django_filters.MultipleChoiceFilter(
        label="Type d’acteur", choices=ActorType.choices, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.ChoiceFilter(label="État de la fiche", choices=SheetStatus.choices)
    stale = django_filters.BooleanFilter(
        label="À vérifier", method="filter_stale", widget=forms.CheckboxInput, help_text="Non vérifiées depuis un an"
    )

    class Meta:
        model = ActorPage
        fields: list[str] = []

    def filter_stale(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        if not value:
            return queryset
        oldest: dt.date = timezone.localdate() - FRESH_FOR
        return queryset.filter(Q(verified_on=None) | Q(verified_on__lt=oldest) | Q(status=SheetStatus.TO_CHECK))


class ActorIndexView(IndexView):
    """The list of fiches; its export holds what the fiches show, hidden contacts aside."""

    list_export = [
        "title",
        "acronym",
        "get_type_display",
        "siren",
        "siret",
        "rna",
        "address",
        "postal_code",
        "commune",
        "commune_code",
        "website",
        "public_email",
        "public_phone",
        "get_status_display",
        "verified_on",
        "source",
        "live",
    ]
    export_headings = {
        "title": "Nom",
        "acronym": "Sigle",
        "get_type_display": "Type d’acteur",
        "siren": "SIREN",
        "siret": "SIRET",
        "rna": "RNA",
        "address": "Adresse",
        "postal_code": "Code postal",
        "commune": "Commune",
        "commune_code": "Code INSEE",
        "website": "Site internet",
        "public_email": "Adresse e-mail",
        "public_phone": "Téléphone",
        "get_status_display": "État de la fiche",
        "verified_on": "Vérifiée le",
        "source": "Source",
        "live": "Publiée",
    }

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("commune")


class ActorMenuItem(MenuItem):
    """For those who work on more than a part of the site: the others would find an empty list."""

    def is_shown(self, request) -> bool:
        return not is_confined(request.user)


class ActorListingViewSet(PageListingViewSet):
    """The entry « Acteurs » of the menu."""

    model = ActorPage
    name = "acteurs"
    menu_label = "Acteurs"
    menu_order = 150
    add_to_admin_menu = True
    menu_item_class = ActorMenuItem
    icon = "group"
    index_view_class = ActorIndexView
    filterset_class = ActorFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Nom", sort_key="title", classname="title"),
        Column("get_type_display", label="Type", sort_key="type"),
        Column("commune", label="Commune", sort_key="commune__name"),
        Column("get_status_display", label="État de la fiche", sort_key="status"),
        DateColumn("verified_on", label="Vérifiée", sort_key="verified_on"),
        PageStatusColumn("status", label="Publication", sort_key="live"),
    ]
