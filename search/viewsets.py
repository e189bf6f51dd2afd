"""« Recherche »: what editors govern of it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from territoires_en_commun.base.admin_columns import DayColumn

from .models import Acronym, PinnedResult, RelevanceCase, SearchSynonym
from .relevance import note_outcomes, run_cases
from .rule_views import RuleCreateView, RuleDeleteView, RuleEditView


class GovernedViewSet(ModelViewSet):
    """What the four lists share."""

    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    list_per_page = 50


class RuleViewSet(GovernedViewSet):
    """Rules: a change that loses a relevance case asks for a confirmation."""

    add_view_class = RuleCreateView
    edit_view_class = RuleEditView
    delete_view_class = RuleDeleteView
    create_template_name = edit_template_name = "search/admin/rule_form.html"
    delete_template_name = "search/admin/rule_delete.html"


class SynonymViewSet(RuleViewSet):
    model = SearchSynonym
    name = "synonymes"
    icon = "link"
    menu_label = "Synonymes"
    search_fields = ["expressions", "note"]
    list_display = ["__str__", Column("note", label="Note"), DateColumn("updated_at", label="Modifiée")]
    panels = [FieldPanel("expressions"), FieldPanel("note")]


class AcronymViewSet(RuleViewSet):
    model = Acronym
    name = "sigles"
    icon = "list-ul"
    menu_label = "Sigles"
    search_fields = ["acronym", "expansion", "note"]
    list_display = [
        "acronym",
        Column("expansion", label="En toutes lettres", sort_key="expansion"),
        Column("note", label="Note"),
        DateColumn("updated_at", label="Modifiée"),
    ]
    panels = [FieldPanel("acronym"), FieldPanel("expansion"), FieldPanel("note")]


class PageIndexView(IndexView):
    """A list of which each row shows its page."""

    def get_base_queryset(self):
        return self.model.objects.select_related("page")


class PinViewSet(GovernedViewSet):
    model = PinnedResult
    name = "resultats_epingles"
    url_prefix = "resultats-epingles"
    icon = "thumbtack"
    menu_label = "Résultats épinglés"
    index_view_class = PageIndexView
    search_fields = ["queries", "note", "page__title"]
    list_display = [
        "__str__",
        Column("state_label", label="État"),
        NumberColumn("order", label="Ordre"),
        DayColumn("expires_on", label="Expire le", sort_key="expires_on"),
    ]
    panels = [FieldPanel(name) for name in ("queries", "page", "order", "expires_on", "note")]


class CaseIndexView(PageIndexView):
    """The cases, and the way to run them."""

    run_url_name = ""

    @property
    def header_buttons(self):
        run = HeaderButton("Vérifier maintenant", url=reverse(self.run_url_name), icon_name="rotate")
        return [*super().header_buttons, run]


class RunCasesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Run the cases, once it is asked."""

    model = RelevanceCase
    permission_required = "change"
    template_name = "search/admin/run_cases.html"
    page_title = "Vérifier les cas de pertinence"
    header_icon = "rotate"
    index_url_name = ""

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Cas de pertinence"},
            {"url": "", "label": "Vérifier"},
        ]

    def get_context_data(self, **kwargs):
        count = RelevanceCase.objects.count()
        return super().get_context_data(count=count, index_url=reverse(self.index_url_name), **kwargs)

    def post(self, request) -> HttpResponse:
        outcomes = run_cases()
        note_outcomes(outcomes)
        kept = sum(outcome.passes for outcome in outcomes)
        tell = messages.success if kept == len(outcomes) else messages.warning
        tell(request, f"Cas de pertinence tenus : {kept} sur {len(outcomes)}.")
        return redirect(self.index_url_name)


class CaseViewSet(GovernedViewSet):
    model = RelevanceCase
    name = "cas_de_pertinence"
    url_prefix = "cas-de-pertinence"
    icon = "circle-check"
    menu_label = "Cas de pertinence"
    index_view_class = CaseIndexView
    search_fields = ["query", "note", "page__title"]
    list_display = [
        "query",
        Column("page", label="Page attendue"),
        NumberColumn("max_rank", label="Rang maximum"),
        Column("state_label", label="Constat"),
        DateColumn("checked_at", label="Vérifié"),
    ]
    panels = [FieldPanel(name) for name in ("query", "page", "max_rank", "note")]

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(run_url_name=self.get_url_name("run"), **kwargs)

    @property
    def run_view(self):
        return self.construct_view(RunCasesView, index_url_name=self.get_url_name("index"))

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("verifier/", self.run_view, name="run")]


class SearchGroup(ModelViewSetGroup):
    """The menu."""

    items = (SynonymViewSet, AcronymViewSet, PinViewSet, CaseViewSet)
    menu_label = "Recherche"
    menu_icon = "search"
    menu_order = 320
    add_to_admin_menu = True
