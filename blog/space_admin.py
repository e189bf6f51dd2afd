"""« Espaces partenaires »: the spaces in the editing space, and what greets their members there."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Count
from django.urls import path, reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from blog.models import PartnerSpace
from blog.space_views import CloseView, OpenView, RemoveMemberView, SpaceView
from territoires_en_commun.base.models import Partner


class SpaceIndexView(IndexView):
    """Every space, by partner."""

    def get_base_queryset(self):
        return PartnerSpace.objects.select_related("partner", "section").annotate(
            member_count=Count(f"group__{Group.user_set.field.related_query_name()}")
        )

    def get_edit_url(self, instance):
        return None

    def get_add_url(self):
        return None

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        partners = reverse(Partner.snippet_viewset.get_url_name("list"))
        return [HeaderButton("Ouvrir un espace", url=partners, icon_name="plus")]


class PartnerSpaceViewSet(ModelViewSet):
    """Spaces are opened, closed and given members; they have no form of their own."""

    model = PartnerSpace
    name = "espaces-partenaires"
    url_namespace = "espaces_partenaires"
    icon = "group"
    menu_label = "Espaces partenaires"
    menu_order = 310
    add_to_admin_menu = True
    list_per_page = 50
    ordering = ["partner__name"]
    search_fields = ["partner__name"]
    search_backend_name = None
    index_view_class = SpaceIndexView
    list_filter = ["state"]
    form_fields: list[str] = []

    @property
    def list_display(self):
        return [
            TitleColumn("partner", label="Partenaire", url_name=self.get_url_name("space"), sort_key="partner__name"),
            Column("section", label="Rubrique", accessor="section.title"),
            NumberColumn("member_count", label="Membres", sort_key="member_count"),
            Column("get_state_display", label="État", sort_key="state"),
            DateColumn("opened_at", label="Ouvert", sort_key="opened_at"),
        ]

    def register_admin_url_finder(self):
        """There is no page where these rows are edited."""

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("ouvrir/<int:pk>/", OpenView.as_view(), name="open"),
            path("<int:pk>/", SpaceView.as_view(), name="space"),
            path("<int:pk>/fermer/", CloseView.as_view(), name="close"),
            path("<int:pk>/retirer/<int:member>/", RemoveMemberView.as_view(), name="remove"),
        ]


@dataclass
class SpacesPanel(Component):
    """On the dashboard of a member: where to write, in one click."""

    spaces: list[PartnerSpace]

    name = "partner_spaces"
    template_name = "blog/admin/home_panel.html"
    order = 40

    def get_context_data(self, parent_context):
        return {"spaces": self.spaces}


def add_spaces(request, panels) -> None:
    """Hook of the dashboard."""
    spaces = PartnerSpace.objects.open().filter(group__user=request.user).select_related("partner")
    if found := list(spaces):
        panels.append(SpacesPanel(found))
