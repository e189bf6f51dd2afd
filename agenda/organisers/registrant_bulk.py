"""The same thing done to several registrations: each is tried on its own, and what could not be done is said."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from agenda.models import Registration
from agenda.organisers.registrant_verbs import VERBS, Verb
from agenda.organisers.registrants import INDEX
from agenda.registrations.registrants import name_of, organised_registrations, people, states_told


class IdsField(forms.Field):
    """Row keys: a list of integers, without what is none."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> list[int]:
        return [int(one) for one in value or [] if one.isascii() and one.isdecimal() and len(one) < 19]


class SelectionForm(forms.Form):
    """The rows that were ticked."""

    id = IdsField(required=False)


class RegistrationBulkAction(BulkAction):
    """One verb for the rows that are ticked; of those of others, nothing is said nor done."""

    models = [Registration]
    template_name = "agenda/admin/registrant_bulk.html"
    verb_name = ""

    def __init__(self, request, model):
        super().__init__(request, model)
        if self.next_url == request.path:
            self.next_url = reverse(INDEX)

    @property
    def verb(self) -> Verb:
        """What is done to each."""
        return VERBS[self.verb_name]

    @cached_property
    def registrations(self) -> list[Registration]:
        """One's own rows among those that are ticked. Raise Http404 when there is none."""
        selection = SelectionForm(self.request.GET)
        ids = selection.cleaned_data["id"] if selection.is_valid() else []
        rows = list(organised_registrations(self.request.user).filter(pk__in=ids).order_by("session", "rank", "pk"))
        if not rows:
            raise Http404
        return rows

    def get_actionable_objects(self):
        return self.registrations, {"items_with_no_access": []}

    def get_form(self, form_class=None):
        return self.verb.form(**self.get_form_kwargs())

    def get_context_data(self, **kwargs):
        names = [name_of(row) for row in self.registrations]
        return super().get_context_data(
            **kwargs, names=names, count=people(len(names)), title=self.display_name, header_icon="group"
        )

    def form_valid(self, form):
        done, refused = [], []
        for row in self.registrations:
            try:
                done.append(self.verb.apply(row, by=self.request.user, **form.cleaned_data))
            except ValidationError as error:
                refused.append((name_of(row), " ".join(error.messages)))
        if done:
            states = states_told(row.state for row in done)
            messages.success(self.request, f"Fait pour {people(len(done))} ({states}).")
        if refused:
            messages.warning(self.request, told_refusals(refused))
        return redirect(self.next_url)


def told_refusals(refused: list[tuple[str, str]]) -> str:
    """Whom nothing was done for, and why, one line each."""
    lines = format_html_join("", "<li>{} : {}</li>", refused)
    return format_html("Rien n’a changé pour {} : <ul>{}</ul>", people(len(refused)), lines)


class ApproveAction(RegistrationBulkAction):
    """Accept those who wait for it."""

    verb_name = action_type = "approuver"
    display_name, aria_label = "Approuver", "Approuver les inscriptions cochées"
    action_priority = 10


class CheckInAction(RegistrationBulkAction):
    """Note who is there."""

    verb_name = action_type = "pointer"
    display_name, aria_label = "Noter présentes", "Noter présentes les personnes cochées"
    action_priority = 20


class RefuseAction(RegistrationBulkAction):
    """Refuse those who wait to be accepted, for one reason."""

    verb_name = action_type = "refuser"
    display_name, aria_label = "Refuser", "Refuser les inscriptions cochées"
    action_priority = 30
    classes = {"serious"}


class CancelAction(RegistrationBulkAction):
    """Cancel, for one reason."""

    verb_name = action_type = "annuler"
    display_name, aria_label = "Annuler", "Annuler les inscriptions cochées"
    action_priority = 40
    classes = {"serious"}


ACTIONS = (ApproveAction, CheckInAction, RefuseAction, CancelAction)
