"""« Cette séance et les suivantes de la série »: what is left alone is said before, and what was done after."""

import datetime as dt
import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.views.generic import FormView
from wagtail.admin import messages

from agenda.events.kinds import ACTIVE
from agenda.models import EventSession
from agenda.models.sessions import SEATS
from agenda.organisers.session_screens import SessionScreen
from agenda.registrations.registrants import people
from agenda.registrations.services import lock_session
from agenda.sessions import services
from agenda.sessions.times import when

MAX_SHIFT = 7 * 24 * 60  # minutes
SHIFT_TOO_LONG = "Le décalage est d’une semaine (10 080 minutes) au plus, dans un sens ou dans l’autre."
NOTHING = "Rien ne change : modifiez au moins une chose."
MEANWHILE = "Cette série a changé depuis que vous avez ouvert cette page : vérifiez, puis enregistrez de nouveau."


class SeriesForm(forms.ModelForm):
    """What changes in the sessions of a series: only what is edited here is written in the others."""

    shift = forms.IntegerField(
        label="Décaler les heures de (minutes)",
        help_text="60 : une heure plus tard ; -30 : une demi-heure plus tôt ; vide : mêmes heures.",
        required=False,
        min_value=-MAX_SHIFT,
        max_value=MAX_SHIFT,
        error_messages={
            "min_value": SHIFT_TOO_LONG,
            "max_value": SHIFT_TOO_LONG,
            "invalid": "Indiquez un nombre entier de minutes, par exemple 60 ou -30.",
        },
    )
    includes_registered = forms.BooleanField(
        label="Modifier aussi les séances où des personnes sont inscrites : elles seront prévenues", required=False
    )
    is_acknowledged = forms.BooleanField(
        label="Laisser moins de places que d’inscrits", required=False, help_text="Personne ne perd la sienne."
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=64)

    class Meta:
        model = EventSession
        fields = ["title", "venue", *SEATS.values()]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for presence, name in SEATS.items():
            if presence not in (*self.instance.presences, *self.instance.event.presences):
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        self.values = {
            name: cleaned[name] for name in self.changed_data if name in self.Meta.fields and name in cleaned
        }
        self.shift = dt.timedelta(minutes=cleaned.get("shift") or 0)
        if not self.errors and not self.values and not self.shift:
            raise ValidationError(NOTHING)
        return cleaned


def series_version(session: EventSession) -> str:
    """What tells whether a series changed since a screen showed it."""
    rows = services.series_from(session, timezone.now()).order_by("pk")
    shown = list(rows.values_list("pk", "starts_at", "ends_at", "status", *SeriesForm.Meta.fields))
    return hashlib.sha256(repr(shown).encode()).hexdigest()


@transaction.atomic
def change_what_was_shown(session: EventSession, form: SeriesForm) -> tuple[list[EventSession], list[EventSession]]:
    """Change a series once, however often the form is sent. Raise ValidationError when it changed meanwhile."""
    locked = lock_session(session.pk)
    if form.cleaned_data["version"] != series_version(locked):
        raise ValidationError(MEANWHILE)
    return services.change_series(
        session=locked,
        values=form.values,
        shift=form.shift,
        includes_registered=form.cleaned_data["includes_registered"],
        is_acknowledged=form.cleaned_data["is_acknowledged"],
    )


def session_when(session: EventSession) -> str:
    """The dates of a session, at the time of its event."""
    return when(session.starts_at, session.ends_at, session.event.time_zone)


class SeriesView(SessionScreen, FormView):
    """Edit this session and those that follow in its series; 404 for one that is alone, or over."""

    form_class = SeriesForm
    template_name = "agenda/admin/series.html"
    page_title = "Modifier la série"

    @cached_property
    def rows(self) -> list[EventSession]:
        """The sessions of the series from this one on, with ``registered``, how many are registered."""
        registered = Count("registrations", filter=Q(registrations__state__in=ACTIVE))
        found = services.series_from(self.session, timezone.now()).select_related("event")
        return list(found.annotate(registered=registered))

    def get_form_kwargs(self):
        if not self.rows:
            raise Http404
        return super().get_form_kwargs() | {"instance": self.session}

    def get_initial(self):
        return {"version": series_version(self.session)}

    def get_context_data(self, **kwargs):
        rows = [
            {"when": session_when(row), "registered": people(row.registered) if row.registered else ""}
            for row in self.rows
        ]
        kwargs["fresh_version"] = series_version(self.session)
        return super().get_context_data(rows=rows, is_registered=any(row["registered"] for row in rows), **kwargs)

    def form_valid(self, form):
        try:
            changed, left = change_what_was_shown(self.session, form)
        except services.FewerSeatsError as error:
            form.add_error("is_acknowledged", error)
            return self.form_invalid(form)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.form_invalid(form)
        if changed:
            messages.success(self.request, listed("Séances modifiées", changed))
        if left:
            messages.warning(
                self.request, listed("Séances laissées telles quelles, des personnes y sont inscrites", left)
            )
        return redirect("seances:edit", self.session.pk)


def listed(title: str, sessions: list[EventSession]) -> str:
    """« Séances modifiées (3) », and their dates."""
    lines = format_html_join("", "<li>{}</li>", ((session_when(session),) for session in sessions))
    return format_html("{} ({}) : <ul>{}</ul>", title, len(sessions), lines)
