"""« Kits et outils »: every kit in one list, with its version and its downloads."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import GenericPageFilterSet, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from ressources.kinds import KitKind
from ressources.models import Download, KitPage

LATELY = dt.timedelta(days=30)


class KitFilterSet(GenericPageFilterSet):
    """By nature."""

    kind = django_filters.MultipleChoiceFilter(
        label="Nature", choices=KitKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = KitPage
        fields: list[str] = []


def downloads_of_a_kit(**conditions) -> Coalesce:
    """The downloads of the kit of the outer row, all its files together."""
    rows = Download.objects.filter(kit=OuterRef("pk"), **conditions).order_by().values("kit")
    return Coalesce(Subquery(rows.annotate(total=Sum("count")).values("total"), output_field=IntegerField()), 0)


class KitIndexView(IndexView):
    """The list of kits; visitors never see the downloads."""

    list_export = ["title", "get_kind_display", "version", "get_licence_display", "live", "downloaded", "lately"]
    export_headings = {
        "title": "Titre",
        "get_kind_display": "Nature",
        "version": "Version",
        "get_licence_display": "Licence",
        "live": "Publié",
        "downloaded": "Téléchargements",
        "lately": "Téléchargements des 30 derniers jours",
    }

    def get_base_queryset(self):
        since = timezone.localdate() - LATELY
        kits = super().get_base_queryset().defer("pieces")
        return kits.annotate(downloaded=downloads_of_a_kit(), lately=downloads_of_a_kit(day__gt=since))


class KitListingViewSet(PageListingViewSet):
    """The entry « Kits et outils » of the menu."""

    model = KitPage
    name = "kits"
    menu_label = "Kits et outils"
    menu_order = 160
    add_to_admin_menu = True
    icon = "folder-open-inverse"
    index_view_class = KitIndexView
    filterset_class = KitFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Titre", sort_key="title", classname="title"),
        Column("get_kind_display", label="Nature", sort_key="kind"),
        Column("version", label="Version"),
        NumberColumn("downloaded", label="Téléchargements", sort_key="downloaded"),
        NumberColumn("lately", label="Ces 30 derniers jours", sort_key="lately"),
        PageStatusColumn("status", label="Publication", sort_key="live"),
    ]
