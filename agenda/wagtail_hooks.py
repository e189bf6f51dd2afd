"""Events and calls for projects in Wagtail's editing space."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from agenda.models import EventSession
from agenda.purge_report import PurgeReportView
from agenda.session_admin import SessionViewSet
from agenda.viewsets import CallAdminListing, EventAdminListing


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet()]


class OrganiserMenuItem(MenuItem):
    """For those who organise some event."""

    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(EventSession).user_has_permission(request.user, "view")


@hooks.register("register_admin_urls")
def register_purge_urls():
    return [
        path("reports/inscriptions/", PurgeReportView.as_view(), name="registration_purges"),
        path(
            "reports/inscriptions/results/",
            PurgeReportView.as_view(results_only=True),
            name="registration_purges_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_purge_report():
    url = reverse("registration_purges")
    return OrganiserMenuItem("Données des inscriptions", url, name="inscriptions", icon_name="bin", order=30)
