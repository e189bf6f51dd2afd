"""Events and calls for projects in Wagtail's editing space."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.permissions import policy_registry

from agenda.events import deletion as event_deletion
from agenda.models import EventPage, EventSession
from agenda.organisers import questions, team
from agenda.organisers.check_in import CheckInViewSet
from agenda.organisers.clash_warnings import warn_of_event
from agenda.organisers.purge_report import PurgeReportView
from agenda.organisers.registrant_bulk import ACTIONS
from agenda.organisers.registrants import RegistrantViewSet
from agenda.organisers.sessions import SessionViewSet
from agenda.registrations.questions import copy_questions
from agenda.sessions.policy import organises
from agenda.sessions.team import copy_team
from agenda.viewsets import CallAdminListing, EventAdminListing

for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("before_delete_page", event_deletion.refuse_deletion)
hooks.register("before_bulk_action", event_deletion.refuse_bulk_deletion)
hooks.register("after_unpublish_page", event_deletion.warn_of_unpublication)
hooks.register("after_bulk_action", event_deletion.warn_of_bulk_unpublication)


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet(), RegistrantViewSet(), CheckInViewSet()]


@hooks.register("register_admin_urls")
def register_admin_urls():
    members, asked, purges = "agenda/<int:event>/equipe/", "agenda/<int:event>/questions/", "reports/inscriptions/"
    return [
        path(members, team.TeamView.as_view(), name=team.TEAM),
        path(f"{members}<int:pk>/role/", team.RoleView.as_view(), name="event_team_role"),
        path(f"{members}<int:pk>/retirer/", team.RemoveView.as_view(), name="event_team_remove"),
        path(asked, questions.QuestionsView.as_view(), name=questions.QUESTIONS),
        path(f"{asked}nouvelle/", questions.AddQuestionView.as_view(), name="event_question_add"),
        path(f"{asked}<int:pk>/", questions.EditQuestionView.as_view(), name="event_question_edit"),
        path(f"{asked}<int:pk>/supprimer/", questions.DeleteQuestionView.as_view(), name="event_question_delete"),
        path(purges, PurgeReportView.as_view(), name="registration_purges"),
        path(f"{purges}results/", PurgeReportView.as_view(results_only=True), name="registration_purges_results"),
    ]


class EventMenuItem(PageMenuItem):
    """Leads from the page of an event to what is organised beside it."""

    def is_shown(self, user):
        return self.page.specific_class is EventPage and organises(user, self.page.specific)


class TeamButton(EventMenuItem):
    """To the team."""

    label = "Équipe"
    icon_name = "group"
    url_name = team.TEAM


class QuestionsButton(EventMenuItem):
    """To the questions."""

    label = "Questions aux inscrits"
    icon_name = "help"
    url_name = questions.QUESTIONS


class OrganiserMenuItem(MenuItem):
    """For those who organise some event."""

    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(EventSession).user_has_permission(request.user, "view")


@hooks.register("register_page_header_buttons")
def event_buttons(page, user, view_name, next_url=None):
    if page.pk:
        yield TeamButton(page=page, priority=66)
        yield QuestionsButton(page=page, priority=67)


@hooks.register("register_reports_menu_item")
def register_purge_report():
    url = reverse("registration_purges")
    return OrganiserMenuItem("Données des inscriptions", url, name="inscriptions", icon_name="bin", order=30)


@hooks.register("after_copy_page")
def copy_what_is_beside_the_page(request, page, new_page):
    """The team and the questions of an event; its sessions and registrations are its own.

    Who copies a page may edit it, and so organises the event.
    """
    if page.specific_class is EventPage and new_page.alias_of_id is None:
        source, target = page.specific, new_page.specific
        copy_team(source=source, target=target)
        copy_questions(source=source, target=target)


@hooks.register("after_publish_page")
def tell_of_events_near(request, page):
    """Who publishes an event learns which others are near."""
    if isinstance(page.specific_deferred, EventPage):
        warn_of_event(request, page.specific)
