"""The sheet that people sign at the door, on A4, and who came once the session is over."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from agenda.events.calendars import session_place
from agenda.events.kinds import Presence, RegistrationState
from agenda.models import EventSession, Registration
from agenda.organisers.session_screens import SessionScreen
from agenda.registrations.services import mark_absents
from agenda.sessions.times import when
from territoires_en_commun.base.listing.sorts import folded

EXPECTED = (RegistrationState.CONFIRMED, RegistrationState.PRESENT)
BLANK_LINES = 8  # for who was not expected
LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})


@dataclass(frozen=True)
class AttendanceSheet:
    """Who is expected in one way, in alphabetical order."""

    presence: Presence
    rows: list[Registration]
    place: str

    @property
    def title(self) -> str:
        """« Sur place »."""
        return capfirst(self.presence.label)


class AttendanceForm(forms.Form):
    """Which sheet is asked for; all of them without an answer."""

    modalite = forms.ChoiceField(choices=Presence.choices, required=False)


def alphabetical(registration: Registration) -> tuple[str, str, int]:
    """What orders names as French does: accents, case and hyphens aside."""
    names = registration.last_name, registration.first_name
    return (*(folded(name.translate(LIGATURES)) for name in names), registration.pk)


def attendance_sheets(session: EventSession, presences: tuple[Presence, ...]) -> list[AttendanceSheet]:
    """One sheet for each of these ways to take part."""
    expected = sorted(session.registrations.filter(state__in=EXPECTED, erased_at=None), key=alphabetical)
    return [
        AttendanceSheet(
            presence,
            [row for row in expected if row.presence == presence],
            session_place(session) if presence == Presence.ONSITE else "",
        )
        for presence in presences
    ]


class AttendanceView(SessionScreen, TemplateView):
    """The page to print: no menu, no script. 404 for a way to take part that the session does not have."""

    template_name = "agenda/admin/attendance.html"
    page_title = "Feuille d’émargement"

    def presences(self) -> tuple[Presence, ...]:
        """The sheets that are asked for."""
        form = AttendanceForm(self.request.GET)
        asked = form.cleaned_data["modalite"] if form.is_valid() else None
        if asked == "":
            return self.session.presences
        if asked not in self.session.presences:
            raise Http404
        return (Presence(asked),)

    def get_context_data(self, **kwargs):
        session = self.session
        return super().get_context_data(
            session=session,
            when=capfirst(when(session.starts_at, session.ends_at, session.event.time_zone)),
            sheets=attendance_sheets(session, self.presences()),
            blank_lines=range(BLANK_LINES),
            **kwargs,
        )


class AbsentsView(SessionScreen, View):
    """Those who were expected and whom nobody saw are noted absent, by POST alone."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            count = mark_absents(session=self.session, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            told = f"{count} personnes sont notées absentes" if count > 1 else f"{count} personne est notée absente"
            messages.success(request, f"{told if count else 'Il n’y avait personne à noter absent'}.")
        return redirect("seances:edit", self.session.pk)
