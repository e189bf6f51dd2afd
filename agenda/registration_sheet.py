"""What a person reads of their registration, and what they may do with it."""

import datetime as dt
from functools import cached_property
from typing import NamedTuple

from django.utils.text import capfirst

from agenda.certificates import certificate_url, is_certified
from agenda.event_calendars import session_place
from agenda.event_kinds import COMING, Presence, RegistrationState
from agenda.models import EventSession, Registration
from agenda.session_times import deadline, when, when_in_paris
from agenda.tickets import has_ticket, ticket_svg

State = RegistrationState


class Button(NamedTuple):
    """Something that a person may do: what is posted, the words, whether it is what they came for."""

    verb: str
    label: str
    is_main: bool = False


SENTENCES = {
    State.TO_CONFIRM: "Votre adresse n’est pas encore confirmée : aucune place n’est retenue.",
    State.AWAITING: "L’organisateur valide chaque inscription : sa réponse vous parviendra par courriel.",
    State.CONFIRMED: "Votre place est à vous.",
    State.WAITING: "Dès qu’une place se libère pour vous, un courriel vous la propose.",
    State.OFFERED: "Une place s’est libérée : elle est à vous si vous l’acceptez avant le {until}.",
    State.CANCELLED: "Vous n’êtes plus inscrit à cette séance.",
    State.REFUSED: "L’organisateur n’a pas retenu cette inscription.",
    State.PRESENT: "Vous avez pris part à cette séance.",
    State.ABSENT: "Votre absence a été notée.",
}
GIVE_UP = Button("annuler", "Annuler mon inscription")
BUTTONS = {
    State.TO_CONFIRM: [GIVE_UP],
    State.AWAITING: [GIVE_UP],
    State.CONFIRMED: [GIVE_UP],
    State.WAITING: [Button("annuler", "Quitter la liste d’attente")],
    State.OFFERED: [Button("accepter", "Accepter cette place", True), Button("annuler", "Refuser cette place")],
    State.CANCELLED: [Button("revenir", "M’inscrire de nouveau", True)],
}
KINDS = {State.CONFIRMED: "success", State.PRESENT: "success", State.OFFERED: "warning"}


class SessionSheet:
    """A session as it is shown beside a form or a registration."""

    def __init__(self, session: EventSession):
        self.session = session
        self.event = session.event

    @property
    def when(self) -> str:
        """« Mardi 3 mars 2027, de 14 h à 16 h »."""
        return capfirst(when(self.session.starts_at, self.session.ends_at, self.event.time_zone))

    @property
    def when_in_paris(self) -> str:
        """The same at the time of Paris, where it differs."""
        return when_in_paris(self.session.starts_at, self.session.ends_at, self.event.time_zone)

    @property
    def place(self) -> str:
        """Where it takes place; empty for a session at a distance."""
        return session_place(self.session)


class RegistrationSheet(SessionSheet):
    """A registration at a given time."""

    def __init__(self, registration: Registration, token: str, now: dt.datetime):
        super().__init__(registration.session)
        self.registration, self.token, self.now = registration, token, now

    @property
    def state(self) -> str:
        """« Confirmée »."""
        return capfirst(self.registration.get_state_display())

    @property
    def kind(self) -> str:
        """The kind of alert that says it."""
        return KINDS.get(self.registration.state, "info")

    @property
    def sentence(self) -> str:
        """What the state means for the person."""
        sentence = SENTENCES[RegistrationState(self.registration.state)]
        until = self.registration.offered_until
        return sentence.format(until=deadline(until, self.event.time_zone)) if until else sentence

    @property
    def presence(self) -> str:
        """« Sur place »."""
        return capfirst(self.registration.get_presence_display())

    @property
    def video_url(self) -> str:
        """The link of the video call, for those who come at a distance."""
        is_remote = self.registration.presence == Presence.REMOTE
        return self.event.video_url if is_remote and self.registration.state in COMING else ""

    @property
    def ticket(self) -> str:
        """The code to show at the door; empty when nobody waits for the person there."""
        return ticket_svg(self.registration) if has_ticket(self.registration) and self.session.takes_place else ""

    @property
    def certificate_url(self) -> str:
        """The address of the certificate of attendance; empty as long as there is none."""
        return certificate_url(self.registration) if is_certified(self.registration, self.now) else ""

    @property
    def cancel_until(self) -> str:
        """Until when one may cancel; empty once it is too late."""
        last = self.session.last_cancellation_at
        return deadline(last, self.event.time_zone) if self.now <= last else ""

    @cached_property
    def buttons(self) -> list[Button]:
        """What the person may do now."""
        state = RegistrationState(self.registration.state)
        is_late = state == State.CONFIRMED and not self.cancel_until
        is_shut = state == State.CANCELLED and not self.session.takes_registrations(self.now)
        return [] if self.now >= self.session.ends_at or is_late or is_shut else BUTTONS.get(state, [])

    @property
    def can_change(self) -> bool:
        """Whether the person may still change what they said."""
        return self.registration.state not in (State.CANCELLED, State.REFUSED) and self.now < self.session.ends_at
