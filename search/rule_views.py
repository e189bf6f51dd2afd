"""The forms of synonyms and acronyms: what a change does to queries, and the relevance cases that it would lose."""

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView, DeleteView, EditView

from .affected import affected_by
from .models.rules import SearchRule
from .relevance import Outcome, note_outcomes, try_rules
from .rules import rules_with, rules_without


class DecisionForm(forms.Form):
    """What the person asks with the form: to see the queries, or to save in spite of the cases that they saw."""

    apercu = forms.BooleanField(required=False)
    confirmation = forms.CharField(required=False, max_length=20_000)


def names_of(lost: Sequence[Outcome]) -> str:
    """Exactly these lost cases, as the form hands them back."""
    return ",".join(f"{outcome.case.pk}:{outcome.rank or 0}" for outcome in lost)


class DecisionMixin:
    """Reads what is asked beside the fields of the rule."""

    def decision(self) -> dict:
        form = DecisionForm(self.request.POST)
        form.is_valid()
        return form.cleaned_data

    def show_again(self, form, **context) -> HttpResponse:
        """The page as it was posted, with what the person must see; nothing is saved."""
        self.form = form
        return self.render_to_response(self.get_context_data(form=form, **context))

    def show_lost(self, form, lost: Sequence[Outcome]) -> HttpResponse:
        messages.warning(self.request, "Rien n’est enregistré : des cas de pertinence seraient perdus.")
        return self.show_again(form, lost=lost, confirmation=names_of(lost))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"lost": (), "confirmation": "", "affected": None} | kwargs)


class RuleFormMixin(DecisionMixin):
    """Saves a rule unless the queries are asked, or a case would be lost and nobody said to go on."""

    def form_valid(self, form):
        decision, changed = self.decision(), rules_with(form.instance)
        if decision.get("apercu"):
            return self.show_again(
                form, affected=affected_by([*self.former_texts(form.instance), *form.instance.texts], changed)
            )
        trial = try_rules(changed)
        if trial.lost and decision.get("confirmation") != names_of(trial.lost):
            return self.show_lost(form, trial.lost)
        response = super().form_valid(form)
        note_outcomes(trial.then)
        return response

    def former_texts(self, rule: SearchRule) -> list[str]:
        """The expressions of the rule as it is saved."""
        saved = self.model.objects.filter(pk=rule.pk).first()
        return saved.texts if saved else []

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"submit_button_label": "Enregistrer quand même" if context["lost"] else "Enregistrer"}


class RuleCreateView(RuleFormMixin, CreateView):
    """A new rule."""


class RuleEditView(RuleFormMixin, EditView):
    """A rule that exists."""


class RuleDeleteView(DecisionMixin, DeleteView):
    """The deletion of a rule; the cases that it would lose are shown before."""

    def form_valid(self, form):
        trial = try_rules(rules_without(self.object))
        if trial.lost and self.decision().get("confirmation") != names_of(trial.lost):
            return self.show_lost(form, trial.lost)
        response = super().form_valid(form)
        note_outcomes(trial.then)
        return response
