"""Events and calls for projects in Wagtail's editing space."""

from django.urls import path
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem

from agenda import question_admin as questions
from agenda import team_admin as team
from agenda.check_in_admin import CheckInViewSet
from agenda.models import EventPage
from agenda.question_services import copy_questions
from agenda.session_admin import SessionViewSet
from agenda.session_policy import organises
from agenda.team_services import copy_team
from agenda.viewsets import CallAdminListing, EventAdminListing


@hooks.register("register_admin_viewset")
def register_lists():
    return [CallAdminListing(), EventAdminListing(), SessionViewSet(), CheckInViewSet()]


@hooks.register("register_admin_urls")
def register_admin_urls():
    members, asked = "agenda/<int:event>/equipe/", "agenda/<int:event>/questions/"
    return [
        path(members, team.TeamView.as_view(), name=team.TEAM),
        path(f"{members}<int:pk>/role/", team.RoleView.as_view(), name="event_team_role"),
        path(f"{members}<int:pk>/retirer/", team.RemoveView.as_view(), name="event_team_remove"),
        path(asked, questions.QuestionsView.as_view(), name=questions.QUESTIONS),
        path(f"{asked}nouvelle/", questions.AddQuestionView.as_view(), name="event_question_add"),
        path(f"{asked}<int:pk>/", questions.EditQuestionView.as_view(), name="event_question_edit"),
        path(f"{asked}<int:pk>/supprimer/", questions.DeleteQuestionView.as_view(), name="event_question_delete"),
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


@hooks.register("register_page_header_buttons")
def event_buttons(page, user, view_name, next_url=None):
    if page.pk:
        yield TeamButton(page=page, priority=66)
        yield QuestionsButton(page=page, priority=67)


@hooks.register("after_copy_page")
def copy_what_is_beside_the_page(request, page, new_page):
    """The team and the questions of an event; its sessions and registrations are its own.

    Who copies a page may edit it, and so organises the event.
    """
    if page.specific_class is EventPage and new_page.alias_of_id is None:
        source, target = page.specific, new_page.specific
        copy_team(source=source, target=target)
        copy_questions(source=source, target=target)
