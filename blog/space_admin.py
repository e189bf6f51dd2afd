"""« Espaces partenaires »: the spaces in the editing space."""

from django.contrib.auth.models import Group
from django.db.models import Count
from django.urls import path
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from blog.models import PartnerSpace
from blog.space_views import CloseView, OpenView, RemoveMemberView, SpaceView


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
