"""The reports of the editing space: their addresses and their entries in the menu « Rapports »."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from territoires_en_commun.base.dead_links.report import LinkReportView, RecheckView
from territoires_en_commun.base.health.report import HealthReportView
from territoires_en_commun.base.models import BasePage


class PageReportMenuItem(MenuItem):
    """For those who may write, change or publish some page."""

    def is_shown(self, request) -> bool:
        rights = {"add", "change", "publish"}
        return policy_registry.get_by_type(BasePage).user_has_any_permission(request.user, rights)


@hooks.register("register_admin_urls")
def register_report_urls():
    return [
        path("reports/sante/", HealthReportView.as_view(), name="content_health"),
        path("reports/sante/results/", HealthReportView.as_view(results_only=True), name="content_health_results"),
        path("reports/liens/", LinkReportView.as_view(), name="link_checks"),
        path("reports/liens/results/", LinkReportView.as_view(results_only=True), name="link_checks_results"),
        path("reports/liens/<int:pk>/verifier/", RecheckView.as_view(), name="link_recheck"),
    ]


@hooks.register("register_reports_menu_item")
def register_content_health():
    url = reverse("content_health")
    return PageReportMenuItem("Santé des contenus", url, name="sante", icon_name="circle-check", order=10)


@hooks.register("register_reports_menu_item")
def register_link_checks():
    return PageReportMenuItem("Liens", reverse("link_checks"), name="liens", icon_name="link", order=20)
