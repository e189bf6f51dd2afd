"""« Équipe »: who organises an event, who keeps its door."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import FormView
from wagtail.admin import messages

from agenda.events.kinds import TeamRole
from agenda.models import EventTeamMember
from agenda.organisers.session_screens import EventScreen
from agenda.sessions import team as services
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.rate_limits import RateLimit

TEAM = "event_team"
PER_ORGANISER = RateLimit("team-additions", limit=60, period=3600)  # addresses are not to be guessed one by one
UNKNOWN_ROLE = "Choisissez un des rôles proposés."
ROLE_ERRORS = {"required": UNKNOWN_ROLE, "invalid_choice": UNKNOWN_ROLE}


class MemberForm(forms.Form):
    """Somebody who joins a team."""

    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Celle de son compte dans l’espace d’édition.",
        max_length=254,
        error_messages={
            "required": "Indiquez l’adresse de la personne, par exemple nom@domaine.fr.",
            "invalid": "Indiquez une adresse comme nom@domaine.fr.",
        },
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=[(role.value, capfirst(role.label)) for role in TeamRole],
        widget=forms.RadioSelect,
        error_messages=ROLE_ERRORS,
    )


class RoleForm(forms.Form):
    """The role of somebody who is in the team."""

    role = forms.ChoiceField(label="Rôle", choices=TeamRole.choices, error_messages=ROLE_ERRORS)


class TeamView(EventScreen, FormView):
    """The team, and the form that adds to it."""

    form_class = MemberForm
    template_name = "agenda/admin/team.html"
    page_title = "Équipe"
    header_icon = "group"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            event=self.event,
            members=self.event.team.select_related("user"),
            roles=TeamRole.choices,
            owner=services.owning_organiser(self.event),
            **kwargs,
        )

    def form_valid(self, form):
        if wait := PER_ORGANISER.hit(str(self.request.user.pk)):
            form.add_error(None, f"Trop d’ajouts ont été demandés : réessayez dans {minutes(wait)}.")
            return self.form_invalid(form)
        try:
            member = services.add_member(event=self.event, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error)
            return self.form_invalid(form)
        messages.success(self.request, f"{member.user} est dans l’équipe.")
        return redirect(TEAM, self.event.pk)


class MemberView(EventScreen, FormView):
    """What is posted about one member; shown by the page of the team."""

    form_class = RoleForm
    http_method_names = ["post"]

    @cached_property
    def member(self) -> EventTeamMember:
        return get_object_or_404(self.event.team.select_related("user"), pk=self.kwargs["pk"])

    def act(self, verb: Callable, done: str, **values):
        """Do it, and say on the page of the team what was done, or why nothing was."""
        try:
            verb(member=self.member, by=self.request.user, **values)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, done)
        return redirect(TEAM, self.event.pk)


class RoleView(MemberView):
    """Another role."""

    def form_invalid(self, form):
        messages.error(self.request, UNKNOWN_ROLE)
        return redirect(TEAM, self.event.pk)

    def form_valid(self, form):
        done = f"Le rôle de {self.member.user} est changé."
        return self.act(services.change_role, done, role=form.cleaned_data["role"])


class RemoveView(MemberView):
    """Out of the team."""

    def post(self, request, *args, **kwargs):
        return self.act(services.remove_member, f"{self.member.user} n’est plus dans l’équipe.")
