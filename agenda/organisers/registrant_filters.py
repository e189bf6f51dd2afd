"""What the list of registrants is filtered by."""

import django_filters
from django import forms
from wagtail.admin.filters import WagtailFilterSet

from agenda.events.kinds import Presence, RegistrationState
from agenda.models import EventSession, Registration
from agenda.registrations.registrants import organised
from agenda.sessions.policy import organised_events


def own_sessions(request):
    """The sessions that a filter offers: one's own, the latest first."""
    return organised(request.user, EventSession).select_related("event").order_by("-starts_at", "pk")


class RegistrantFilterSet(WagtailFilterSet):
    """By event, session, state and presence."""

    event = django_filters.ModelChoiceFilter(
        label="Événement",
        field_name="session__event",
        queryset=lambda request: organised_events(request.user).order_by("title"),
        empty_label="Tous",
    )
    session = django_filters.ModelChoiceFilter(label="Séance", queryset=own_sessions, empty_label="Toutes")
    state = django_filters.MultipleChoiceFilter(
        label="État", choices=RegistrationState.choices, widget=forms.CheckboxSelectMultiple, distinct=False
    )
    presence = django_filters.ChoiceFilter(label="Modalité", choices=Presence.choices, empty_label="Toutes")

    class Meta:
        model = Registration
        fields: list[str] = []

    def in_words(self) -> str:
        """« État : confirmée, présente ; Modalité : sur place »; empty without filter."""
        cleaned = self.form.cleaned_data if self.is_valid() else {}
        labels = {**dict(RegistrationState.choices), **dict(Presence.choices)}
        told = []
        for name, filter_ in self.filters.items():
            if value := cleaned.get(name):
                values = value if isinstance(value, list) else [value]
                told.append(f"{filter_.label} : {', '.join(labels.get(one, str(one)) for one in values)}")
        return " ; ".join(told)
