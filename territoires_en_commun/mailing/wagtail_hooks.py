"""The outbox and the scheduled jobs in the admin: read, and relaunch what failed."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from territoires_en_commun.mailing.admin_views import JobIndexView, MailFilterSet, MailInspectView, RelaunchView
from territoires_en_commun.mailing.models import JobState, OutgoingMail


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Nobody, superusers included, writes these rows by hand."""

    def user_has_permission(self, user, action: str) -> bool:
        return action in ("view", "relaunch") and super().user_has_permission(user, action)


register_permission_policy(OutgoingMail, ReadOnlyPolicy(OutgoingMail))
register_permission_policy(JobState, ReadOnlyPolicy(JobState))


class ReadOnlyViewSet(ModelViewSet):
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    search_backend_name = None

    def register_admin_url_finder(self):
        """There is no page where these rows are edited."""

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]


class MailViewSet(ReadOnlyViewSet):
    model = OutgoingMail
    name = "courriels"
    icon = "mail"
    menu_order = 910
    inspect_view_class = MailInspectView
    list_display = [
        "subject",
        "recipient",
        Column("get_state_display", label="État", sort_key="state"),
        "attempts",
        "last_error",
        DateColumn("created_at", label="Créé", sort_key="created_at"),
    ]
    filterset_class = MailFilterSet
    search_fields = ["recipient", "subject", "key"]
    # Neither the text nor the attachments: a support agent needs to know what left and when, not to read it.
    inspect_view_fields = [
        "subject",
        "recipient",
        "reply_to",
        "purpose",
        "key",
        "state",
        "attempts",
        "next_attempt_at",
        "expires_at",
        "last_error",
        "created_at",
        "handed_over_at",
        "sent_at",
        "message_id",
        "erased_at",
    ]

    def get_urlpatterns(self):
        relaunch = RelaunchView.as_view(inspect_url_name=self.get_url_name("inspect"))
        return [*super().get_urlpatterns(), path("relancer/<int:pk>/", relaunch, name="relaunch")]


class JobViewSet(ReadOnlyViewSet):
    model = JobState
    name = "taches-planifiees"
    icon = "time"
    menu_order = 920
    index_view_class = JobIndexView
    list_display = [
        Column("label", label="Tâche"),
        Column("schedule", label="Périodicité"),
        Column("get_last_status_display", label="Dernier état", sort_key="last_status"),
        "last_result",
        "failures",
        DateColumn("last_finished_at", label="Dernière fin", sort_key="last_finished_at"),
        DateColumn("next_run_at", label="Prochaine exécution", sort_key="next_run_at"),
    ]
    list_filter = ["last_status"]
    inspect_view_fields = [
        "name",
        "schedule",
        "last_status",
        "last_result",
        "failures",
        "last_started_at",
        "last_finished_at",
        "next_run_at",
    ]


mail_viewset = MailViewSet()
job_viewset = JobViewSet()


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [mail_viewset, job_viewset]


@hooks.register("register_log_actions")
def register_relaunch(actions):
    actions.register_action("mailing.relaunch", "Relancer", "Courriel relancé")


class MailsToLookAt(Component):
    """Panel of the admin's home: mails that failed or whose delivery is uncertain."""

    name = "mails_to_look_at"
    template_name = "mailing/admin/home_panel.html"
    order = 90

    def __init__(self, count: int):
        self.count = count

    def get_context_data(self, parent_context):
        address = reverse(mail_viewset.get_url_name("index"))
        return {"count": self.count, "url": f"{address}?state=failed&state=uncertain"}


@hooks.register("construct_homepage_panels")
def add_mails_to_look_at(request, panels):
    if request.user.has_perm("mailing.view_outgoingmail") and (count := OutgoingMail.objects.to_look_at().count()):
        panels.append(MailsToLookAt(count))
