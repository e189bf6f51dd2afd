"""« Référentiels » : where the governed lists are edited."""

from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import path
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from territoires_en_commun.base.forms import TerritoryChoiceField
from territoires_en_commun.base.models import Audience, BasePage, Partner, Programme, ProgrammeTerritory, Theme
from territoires_en_commun.base.term_views import (
    MergeView,
    StateView,
    TermChooserViewSet,
    TermEditView,
    TermIndexView,
    TermUsageView,
)


def count_of(model, field: str, **filters) -> Coalesce:
    """The number of rows of ``model`` whose ``field`` is the outer row: one subquery, no cross product."""
    rows = model.objects.filter(**{field: OuterRef("pk")}, **filters).order_by()
    counted = rows.values(field).annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class TermFilterSet(WagtailFilterSet):
    """Filters every governed list by state."""

    STATES = {
        "actif": Q(is_active=True),
        "retire": Q(is_active=False, replaced_by__isnull=True),
        "fusionne": Q(replaced_by__isnull=False),
    }
    state = django_filters.ChoiceFilter(
        label="État",
        choices=[("actif", "Proposé"), ("retire", "Retiré"), ("fusionne", "Fusionné")],
        method="filter_state",
        widget=forms.RadioSelect,
        empty_label="Tous",
    )

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(self.STATES[value])


class ProgrammeFilterSet(TermFilterSet):
    class Meta:
        model = Programme
        fields: ClassVar[list[str]] = []


class AudienceFilterSet(TermFilterSet):
    class Meta:
        model = Audience
        fields: ClassVar[list[str]] = []


class PartnerFilterSet(TermFilterSet):
    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = []


class TermViewSet(SnippetViewSet):
    """What the three governed lists share: columns, state, merge, retirement, uses, export."""

    copy_view_enabled = False
    index_view_class = TermIndexView
    edit_view_class = TermEditView
    usage_view_class = TermUsageView
    search_backend_name = None
    ordering = ["name"]
    list_per_page = 50
    chooser_viewset_class = TermChooserViewSet
    page_links = BasePage.themes.through
    page_links_field = "theme"

    def get_queryset(self, request):
        return self.model.objects.select_related("replaced_by").annotate(
            page_count=count_of(self.page_links, self.page_links_field)
        )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("fusionner/<int:pk>/", self.construct_view(MergeView), name="merge"),
            path("etat/<int:pk>/", self.construct_view(StateView), name="state"),
        ]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            **{
                "merge_url_name": self.get_url_name("merge"),
                "state_url_name": self.get_url_name("state"),
                **kwargs,
            }
        )


STATUS_COLUMN = Column("status", label="État", accessor="status")
PAGES_COLUMN = NumberColumn("page_count", label="Pages", sort_key="page_count")


class ThemeForm(WagtailAdminModelForm):
    """A theme's parent is another theme of the first level."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        field.queryset = Theme.objects.filter(
            Q(is_active=True, parent__isnull=True) | Q(pk=self.instance.parent_id)
        ).exclude(pk=self.instance.pk)
        field.empty_label = "Aucune : premier niveau"


class ThemeFilterSet(TermFilterSet):
    """Filters themes by state and parent."""

    parent = django_filters.ModelChoiceFilter(
        label="Thématique parente",
        queryset=Theme.objects.filter(parent__isnull=True, replaced_by__isnull=True),
        empty_label="Toutes",
    )

    class Meta:
        model = Theme
        fields = ["parent"]


class ThemeViewSet(TermViewSet):
    model = Theme
    icon = "tag"
    menu_label = "Thématiques"
    filterset_class = ThemeFilterSet
    search_fields = ["name", "synonyms", "slug"]
    list_display = ["name", Column("parent", label="Parente", accessor="parent"), STATUS_COLUMN, PAGES_COLUMN]
    list_export = ["name", "slug", "parent", "synonyms", "description", "is_active", "replaced_by", "page_count"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("parent", widget=forms.Select),
            FieldPanel("synonyms"),
            FieldPanel("description"),
            FieldPanel("slug", read_only=True),
        ],
        base_form_class=ThemeForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent", "replaced_by")


class ProgrammeViewSet(TermViewSet):
    model = Programme
    icon = "rotate"
    menu_label = "Programmes"
    filterset_class = ProgrammeFilterSet
    search_fields = ["name", "acronym", "slug"]
    page_links = BasePage.programmes.through
    page_links_field = "programme"
    list_display = [
        "name",
        Column("acronym", label="Sigle", sort_key="acronym"),
        STATUS_COLUMN,
        PAGES_COLUMN,
        NumberColumn("territory_count", label="Territoires", sort_key="territory_count"),
    ]
    list_export = [
        "name",
        "slug",
        "acronym",
        "official_site",
        "description",
        "is_active",
        "replaced_by",
        "page_count",
        "territory_count",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("acronym"),
            FieldPanel("description"),
            FieldPanel("official_site"),
            FieldPanel("slug", read_only=True),
        ]
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(territory_count=count_of(ProgrammeTerritory, "programme"))


class AudienceViewSet(TermViewSet):
    model = Audience
    icon = "user"
    menu_label = "Publics"
    filterset_class = AudienceFilterSet
    search_fields = ["name", "slug"]
    page_links = BasePage.audiences.through
    page_links_field = "audience"
    list_display = ["name", STATUS_COLUMN, PAGES_COLUMN]
    list_export = ["name", "slug", "is_active", "replaced_by", "page_count"]
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("slug", read_only=True)])


class PartnerViewSet(TermViewSet):
    model = Partner
    icon = "group"
    menu_label = "Partenaires"
    filterset_class = PartnerFilterSet
    search_fields = ["name", "slug", "website"]
    page_links = BasePage
    page_links_field = "partner"
    list_display = ["name", Column("website", label="Site"), STATUS_COLUMN, PAGES_COLUMN]
    list_export = ["name", "slug", "website", "logo_alt", "is_active", "replaced_by", "page_count"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(["logo", "logo_alt"], heading="Logo"),
            FieldPanel("website"),
            FieldPanel("slug", read_only=True),
        ]
    )


class CoverageForm(WagtailAdminModelForm):
    """A territory of a programme; the territory is found by search."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["territory"]
        self.fields["territory"] = TerritoryChoiceField(label=field.label, help_text=field.help_text)
        self.fields["programme"].queryset = Programme.objects.filter(
            Q(is_active=True) | Q(pk=self.instance.programme_id)
        )


class CoverageFilterSet(WagtailFilterSet):
    """Filters the territories of programmes by programme, and by name or code of territory."""

    programme = django_filters.ModelChoiceFilter(
        label="Programme", queryset=Programme.objects.standing(), empty_label="Tous"
    )
    territoire = django_filters.CharFilter(
        label="Territoire (nom ou code)", method="filter_territory", max_length=100, strip=True
    )

    class Meta:
        model = ProgrammeTerritory
        fields = ["programme"]

    def filter_territory(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(territory__name__icontains=value) | Q(territory__code=value))


class CoverageViewSet(SnippetViewSet):
    model = ProgrammeTerritory
    icon = "site"
    menu_label = "Territoires des programmes"
    copy_view_enabled = False
    filterset_class = CoverageFilterSet
    search_backend_name = None
    search_fields = ["label", "external_ref", "territory__name"]
    list_per_page = 50
    list_display = [
        "__str__",
        Column("label", label="Intitulé local"),
        Column("start", label="Début", sort_key="start"),
        Column("end", label="Fin", sort_key="end"),
        Column("source", label="Source"),
    ]
    list_export = [
        "programme",
        "territory.key",
        "territory",
        "external_ref",
        "label",
        "start",
        "end",
        "source",
        "source_date",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("programme", widget=forms.Select),
            FieldPanel("territory"),
            FieldPanel("label"),
            FieldPanel("external_ref"),
            MultiFieldPanel(["start", "end"], heading="Période"),
            MultiFieldPanel(["source", "source_date"], heading="Source"),
        ],
        base_form_class=CoverageForm,
    )

    def get_queryset(self, request):
        return ProgrammeTerritory.objects.select_related("programme", "territory").order_by(
            "programme__name", "territory__name", "pk"
        )


class ReferenceListsGroup(SnippetViewSetGroup):
    """The menu of the governed lists."""

    items = (ThemeViewSet, AudienceViewSet, ProgrammeViewSet, CoverageViewSet, PartnerViewSet)
    menu_label = "Référentiels"
    menu_icon = "list-ul"
    menu_order = 300
    add_to_admin_menu = True
