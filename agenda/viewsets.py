"""Calls for projects in the lists of the editing space."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.ui.tables import Column

from agenda.calls.kinds import CallNature
from agenda.events.kinds import EventKind, EventMode
from agenda.models import CallPage, EventPage
from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.page_listings import PageListing, TypedPageFilters

WINNERS_AWAITED = "attendus"


class CallFilters(TypedPageFilters):
    """By nature, and by what is left to tell of the winners."""

    nature = django_filters.MultipleChoiceFilter(
        label="Nature", choices=CallNature.choices, widget=forms.CheckboxSelectMultiple
    )
    laureats = django_filters.ChoiceFilter(
        label="Lauréats",
        method="filter_winners",
        empty_label="Tous",
        choices=[(WINNERS_AWAITED, "À publier : l’appel est clos depuis six mois")],
    )

    class Meta:
        model = CallPage
        fields: list[str] = []

    def filter_winners(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.awaiting_winners(timezone.now())


class CallAdminListing(PageListing):
    """Every call for projects."""

    model = CallPage
    name = "appels-a-projets"
    menu_order = 60
    icon = "calendar-check"
    filterset_class = CallFilters
    own_columns = [
        Column("get_nature_display", label="Nature", sort_key="nature"),
        DayColumn("opens_on", label="Ouverture", sort_key="opens_on"),
        DayColumn("closes_on", label="Clôture", sort_key="closes_on"),
    ]
    own_export = {"get_nature_display": "Nature", "opens_on": "Ouverture", "closes_on": "Clôture"}


class EventFilters(TypedPageFilters):
    """By kind and mode."""

    kind = django_filters.MultipleChoiceFilter(
        label="Type", choices=EventKind.choices, widget=forms.CheckboxSelectMultiple
    )
    mode = django_filters.MultipleChoiceFilter(
        label="Modalité", choices=EventMode.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = EventPage
        fields: list[str] = []


class EventAdminListing(PageListing):
    """Every event."""

    model = EventPage
    name = "evenements"
    menu_order = 55
    icon = "date"
    filterset_class = EventFilters
    own_columns = [
        Column("get_kind_display", label="Type", sort_key="kind"),
        Column("get_mode_display", label="Modalité", sort_key="mode"),
    ]
    own_export = {"get_kind_display": "Type", "get_mode_display": "Modalité", "venue": "Lieu"}
