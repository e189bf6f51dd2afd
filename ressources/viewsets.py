"""The contents of this room in the lists of the editing space."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.admin.ui.tables import Column, NumberColumn

from ressources.experience_silence import silences
from ressources.kinds import KitKind
from ressources.models import Download, ExperiencePage, ExperienceStatus, KitPage, TrainingPage
from territoires_en_commun.base.page_listings import PageListing, PageListingView, TypedPageFilters

SILENT = "sans-reponse"
LATELY = dt.timedelta(days=30)


class KitFilters(TypedPageFilters):
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


class KitListingView(PageListingView):
    """The list of kits; visitors never see the downloads."""

    def get_base_queryset(self):
        since = timezone.localdate() - LATELY
        kits = super().get_base_queryset().defer("pieces")
        return kits.annotate(downloaded=downloads_of_a_kit(), lately=downloads_of_a_kit(day__gt=since))


class KitListing(PageListing):
    """Every kit, with its version and its downloads."""

    model = KitPage
    name = "kits"
    menu_order = 30
    icon = "folder-open-inverse"
    index_view_class = KitListingView
    filterset_class = KitFilters
    own_columns = [
        Column("get_kind_display", label="Nature", sort_key="kind"),
        Column("version", label="Version"),
        NumberColumn("downloaded", label="Téléchargements", sort_key="downloaded"),
        NumberColumn("lately", label="Ces 30 derniers jours", sort_key="lately"),
    ]
    own_export = {
        "get_kind_display": "Nature",
        "version": "Version",
        "get_licence_display": "Licence",
        "downloaded": "Téléchargements",
        "lately": "Téléchargements des 30 derniers jours",
    }


class TrainingListing(PageListing):
    """Every training."""

    model = TrainingPage
    name = "formations"
    menu_order = 40
    icon = "calendar-alt"
    own_columns = [
        Column("organiser", label="Organisme", sort_key="organiser__title"),
        Column("get_mode_display", label="Modalité", sort_key="mode"),
    ]
    own_export = {"organiser": "Organisme", "get_mode_display": "Modalité", "hours": "Durée en heures"}
    related = ("organiser",)


class ExperienceFilters(TypedPageFilters):
    """By progress of the project, and by contact."""

    project_status = django_filters.MultipleChoiceFilter(
        label="État du projet", choices=ExperienceStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    contact = django_filters.ChoiceFilter(
        label="Contact", choices=[(SILENT, "Ne répond plus")], empty_label="Tous", method="filter_contact"
    )

    class Meta:
        model = ExperiencePage
        fields: list[str] = []

    def filter_contact(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=[page.pk for page, _ in silences(timezone.now())])


class ExperienceAdminListing(PageListing):
    """Every experience."""

    model = ExperiencePage
    name = "experiences"
    menu_order = 50
    icon = "comment"
    filterset_class = ExperienceFilters
    own_columns = [
        Column("place", label="Territoire", sort_key="place__name"),
        Column("holder", label="Porteur", sort_key="holder__title"),
        Column("get_project_status_display", label="État du projet", sort_key="project_status"),
    ]
    own_export = {"place": "Territoire", "holder": "Porteur", "get_project_status_display": "État du projet"}
    related = ("place", "holder")
