"""The resource centre and the experiences in Wagtail's editing space."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from ressources.admin_views import AdaptView, DownloadReportView
from ressources.kit_services import may_adapt
from ressources.models import ExperienceSubmission, KitPage
from ressources.submission_admin import SubmissionViewSet
from ressources.viewsets import ExperienceAdminListing, KitListing, TrainingListing
from territoires_en_commun.base.models import BasePage

CHANGE = "ressources.change_experiencesubmission"


@hooks.register("register_admin_viewset")
def register_lists():
    return [KitListing(), TrainingListing(), ExperienceAdminListing()]


@hooks.register("register_admin_urls")
def register_admin_urls():
    report = DownloadReportView
    return [
        path("kits/<int:pk>/adapter/", AdaptView.as_view(), name="adapt_kit"),
        path("rapports/telechargements/", report.as_view(), name="download_report"),
        path("rapports/telechargements/resultats/", report.as_view(results_only=True), name="download_report_results"),
    ]


class AdaptButton(PageMenuItem):
    """Leads to the confirmation of an adaptation."""

    label = "Adapter ce kit"
    icon_name = "copy"
    url_name = "adapt_kit"

    def is_shown(self, user):
        return self.page.specific_class is KitPage and may_adapt(user, self.page)


@hooks.register("register_page_header_buttons")
def adapt_from_the_header(page, user, view_name, next_url=None):
    yield AdaptButton(page=page, priority=32)


@hooks.register("register_page_listing_more_buttons")
def adapt_from_a_list(page, user, next_url=None):
    yield AdaptButton(page=page, priority=22)


class PageReportMenuItem(MenuItem):
    """Shown to those who write pages."""

    def is_shown(self, request):
        policy = policy_registry.get_by_type(BasePage)
        return policy.user_has_any_permission(request.user, ["add", "change", "publish"])


@hooks.register("register_reports_menu_item")
def register_download_report():
    return PageReportMenuItem("Téléchargements", reverse("download_report"), icon_name="download", order=500)


@hooks.register("register_admin_viewset")
def register_submissions():
    return SubmissionViewSet()


@hooks.register("register_page_header_buttons")
def link_to_the_submission(page, user, view_name, next_url=None):
    """From a page to the submission that it came from."""
    submission = ExperienceSubmission.objects.filter(page_id=page.pk).only("pk").first() if page.pk else None
    if submission and user.has_perm(CHANGE):
        url = reverse("experiences_proposees:review", args=[submission.pk])
        yield Button("Voir la proposition d’origine", url, icon_name="mail", priority=65)
