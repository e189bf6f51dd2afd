"""« Acteurs »: every fiche in one list, to find, sort, export and verify."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.admin.ui.tables import Column

from annuaire.kinds import ActorType, SheetStatus
from annuaire.models import ActorPage
from annuaire.models.actor import FRESH_FOR
from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.page_listings import ContentsMenuItem, PageListing, TypedPageFilters
from territoires_en_commun.base.scope import is_confined


class ActorFilters(TypedPageFilters):
    """By type, by state of the fiche, and those that nobody verified for a year."""

    type = django_filters.MultipleChoiceFilter(
        label="Type d’acteur", choices=ActorType.choices, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.ChoiceFilter(label="État de la fiche", choices=SheetStatus.choices)
    stale = django_filters.ChoiceFilter(
        label="Vérification",
        method="filter_stale",
        choices=[("on", "Non vérifiées depuis un an, ou mises en doute")],
        empty_label="Toutes",
    )

    class Meta(TypedPageFilters.Meta):
        model = ActorPage

    def filter_stale(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        oldest: dt.date = timezone.localdate() - FRESH_FOR
        return queryset.filter(Q(verified_on=None) | Q(verified_on__lt=oldest) | Q(status=SheetStatus.TO_CHECK))


class ActorMenuItem(ContentsMenuItem):
    """For those who work on more than a part of the site: the others would find an empty list."""

    def is_shown(self, request) -> bool:
        return super().is_shown(request) and not is_confined(request.user)


class ActorListing(PageListing):
    """The entry « Acteurs » of the menu; its export holds what the fiches show, hidden contacts aside."""

    model = ActorPage
    name = "acteurs"
    menu_item_class = ActorMenuItem
    icon = "group"
    filterset_class = ActorFilters
    related = ("commune",)
    title_label = "Nom"
    own_columns = [
        Column("get_type_display", label="Type", sort_key="type"),
        Column("commune", label="Commune", sort_key="commune__name"),
        Column("get_status_display", label="État de la fiche", sort_key="status"),
        DayColumn("verified_on", label="Vérifiée", sort_key="verified_on"),
    ]
    own_export = {
        "acronym": "Sigle",
        "get_type_display": "Type d’acteur",
        "siren": "SIREN",
        "siret": "SIRET",
        "rna": "RNA",
        "address": "Adresse postale",
        "postal_code": "Code postal",
        "commune": "Commune",
        "commune_code": "Code INSEE",
        "website": "Site internet",
        "public_email": "Adresse e-mail",
        "public_phone": "Téléphone",
        "get_status_display": "État de la fiche",
        "verified_on": "Vérifiée le",
        "source": "Source",
    }
