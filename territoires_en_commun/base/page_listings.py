"""Lists of contents in the editing space, one per page type: columns, filters and exports declared in a few lines.

A room declares its list and registers it::

    @hooks.register("register_admin_viewset")
    def register_trainings():
        return TrainingListing()


    class TrainingListing(PageListing):
        model = TrainingPage
        name = "formations"
        icon = "education"
        own_columns = [Column("get_format_display", label="Format", sort_key="format")]
        own_export = {"get_format_display": "Format", "duration": "Durée"}
"""

import datetime as dt
from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.text import capfirst
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn, PageTypeColumn
from wagtail.admin.views.pages.listing import GenericPageFilterSet, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.permissions import policy_registry

from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.drafts import incomplete_drafts, returned_pages
from territoires_en_commun.base.models import BasePage, Theme
from territoires_en_commun.base.scope import visible_editors
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin

MENU_HOOK = "register_contents_menu_item"
PAGE_RIGHTS = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}
OWNER = Column("review_owner", label="Responsable", sort_key="review_owner__last_name")
CHANGED_AT = DateColumn("latest_revision_created_at", label="Modifiée", sort_key="latest_revision_created_at")
SOON = dt.timedelta(days=30)
ONLINE, DRAFT, CHANGED, INCOMPLETE, RETURNED = "en-ligne", "brouillon", "modifie", "incomplet", "a-reprendre"
OVERDUE, DUE_SOON = "passee", "bientot"


class PageFilters(GenericPageFilterSet):
    """What any list of pages can be filtered by; page types add their own."""

    etat = django_filters.ChoiceFilter(
        label="État",
        method="filter_state",
        empty_label="Tous",
        choices=[
            (ONLINE, "En ligne"),
            (CHANGED, "En ligne, avec des modifications à publier"),
            (DRAFT, "Pas en ligne"),
            (INCOMPLETE, "À compléter avant publication"),
            (RETURNED, "À reprendre : la relecture demande des modifications"),
        ],
    )
    thematique = django_filters.ModelChoiceFilter(
        label="Thématique", queryset=Theme.objects.standing(), method="filter_theme", empty_label="Toutes"
    )
    responsable = django_filters.ModelChoiceFilter(
        label="Responsable de la revue",
        field_name="review_owner",
        queryset=visible_editors,
        empty_label="Tous",
    )
    revue = django_filters.ChoiceFilter(
        label="Date de revue",
        method="filter_review",
        empty_label="Toutes",
        choices=[(OVERDUE, "Passée"), (DUE_SOON, "Dans les 30 jours")],
    )
    site = has_child_pages = None  # there is one site, and lists are flat

    class Meta:
        model = BasePage
        fields: ClassVar[list[str]] = []

    @classmethod
    def get_filters(cls):
        """Ours first, then those of Wagtail."""
        filters = super().get_filters()
        return dict(sorted(filters.items(), key=lambda item: item[0] in GenericPageFilterSet.base_filters))

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == INCOMPLETE:
            return incomplete_drafts(queryset)
        if value == RETURNED:
            return returned_pages(queryset)
        states = {ONLINE: Q(live=True), DRAFT: Q(live=False), CHANGED: Q(live=True, has_unpublished_changes=True)}
        return queryset.filter(states[value])

    def filter_theme(self, queryset: QuerySet, name: str, value: Theme) -> QuerySet:
        return queryset.with_theme(value)

    def filter_review(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == OVERDUE:
            return queryset.due_for_review(today)
        return queryset.filter(review_date__gt=today, review_date__lte=today + SOON)


class TypedPageFilters(PageFilters):
    """The filters of a list of one page type."""

    content_type = None


class PageListingView(FrenchSpreadsheetMixin, IndexView):
    """The list itself."""

    related: tuple[str, ...] = ()
    add_item_label = "Ajouter"

    def get_base_queryset(self):
        pages = super().get_base_queryset()
        return pages.select_related("review_owner", *self.related, for_specific_subqueries=True)


class ContentsMenuItem(MenuItem):
    """For those who may do something with some pages."""

    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(BasePage).user_has_any_permission(request.user, PAGE_RIGHTS)


class PageListing(PageListingViewSet):
    """A list of the pages of ``model``, in the menu « Contenus »."""

    index_view_class = PageListingView
    filterset_class = TypedPageFilters
    list_per_page = 50
    menu_hook = MENU_HOOK
    menu_item_class = ContentsMenuItem

    title_label = "Titre"
    # Columns between the title and those that every list has: four at most, lest titles have no room (1280 px);
    # and « field or dotted path: heading » for exports, which have all the room they want.
    own_columns: ClassVar[list[Column]] = []
    own_export: ClassVar[dict[str, str]] = {}
    # Foreign keys that the columns read, fetched with the pages.
    related: ClassVar[tuple[str, ...]] = ()

    @classproperty
    def columns(cls):  # noqa: N805 - a class property, as in Wagtail
        return [
            BulkActionsColumn("bulk_actions"),
            PageTitleColumn("title", label=cls.title_label, sort_key="title", classname="title", width="28%"),
            *cls.own_columns,
            DayColumn("review_date", label="À revoir", sort_key="review_date"),
            PageStatusColumn("status", label="Publication", sort_key="live"),
        ]

    @cached_property
    def menu_label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @cached_property
    def export_headings(self) -> dict[str, str]:
        return {
            "title": self.title_label,
            **self.own_export,
            "full_url": "Adresse",
            "review_owner": "Responsable de la revue",
            "review_date": "Date de revue",
            "last_published_at": "Dernière publication",
            "live": "En ligne",
        }

    def get_index_view_kwargs(self, **kwargs):
        own = {
            "list_export": list(self.export_headings),
            "export_filename": self.name,
            "related": self.related,
            "page_title": self.menu_label,
        }
        return super().get_index_view_kwargs(**own, **kwargs)


class AllPagesListing(PageListing):
    """Every page, whatever its type."""

    model = BasePage
    name = "contenus"
    menu_label = "Tous les contenus"
    menu_order = 10
    icon = "doc-full-inverse"
    filterset_class = PageFilters
    own_columns = [
        PageTypeColumn("type", label="Type", accessor="page_type_display_name", sort_key="content_type"),
        OWNER,
        CHANGED_AT,
    ]
    own_export = {"page_type_display_name": "Type"}

    def get_index_view_kwargs(self, **kwargs):
        """Nothing is added from here: a page has a type first."""
        return super().get_index_view_kwargs(**{"add_url_name": None, **kwargs})


class ContentsGroup(ViewSetGroup):
    """The menu « Contenus », which every list of pages joins by itself (``MENU_HOOK``)."""

    items = ()
    menu_label = "Contenus"
    menu_icon = "doc-full-inverse"
    menu_order = 150
    submenu_hook = MENU_HOOK
