"""What a person reads of their registration, and what they may do with it."""

import datetime as dt
from functools import cached_property
from typing import NamedTuple

from django.utils.text import capfirst

from agenda.events.calendars import session_place
from agenda.events.kinds import COMING, ENDED, Presence, RegistrationState
from agenda.models import EventSession, Registration, RegistrationTransfer
from agenda.registrations.certificates import certificate_url, is_certified
from agenda.registrations.participants import participants, sees_list
from agenda.registrations.question_fields import Answer, answers_of
from agenda.registrations.tickets import has_ticket, ticket_svg
from agenda.registrations.transfer_mails import ends_at
from agenda.registrations.transfer_services import is_giveable, is_open, open_transfer
from agenda.sessions.times import deadline, when, when_in_paris

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
IN_LIST = Button("sortir", "Sortir de la liste")
OUT_OF_LIST = Button("figurer", "Y figurer")
LISTED = "Votre nom et votre structure figurent dans la liste que lisent les personnes inscrites."
NOT_LISTED = "Vous ne figurez pas dans la liste que lisent les personnes inscrites."
TAKEN = ("Cette place est à vous", "Vous l’avez acceptée : le courriel de confirmation contient le lien qui la gère.")
CLOSED = ("Cette place n’est plus proposée", "La personne l’a gardée, ou vous l’avez déclinée.")
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
    def is_coming(self) -> bool:
        """Whether a seat is theirs."""
        return self.registration.state in COMING

    @property
    def video_url(self) -> str:
        """The link of the video call, for those who come at a distance."""
        is_remote = self.registration.presence == Presence.REMOTE
        return self.event.video_url if is_remote and self.is_coming else ""

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
    def answers(self) -> list[Answer]:
        """What the person answered to the questions of the event, those that are not asked any more included."""
        return answers_of(self.registration, self.event.questions.all())

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
        return self.registration.state not in ENDED and self.now < self.session.ends_at

    @property
    def can_give(self) -> bool:
        """Whether the person may propose the place to somebody else."""
        return is_giveable(self.registration, self.now)

    @cached_property
    def transfer(self) -> RegistrationTransfer | None:
        """The proposal of the place that is open."""
        return open_transfer(self.registration, self.now)

    @property
    def transfer_until(self) -> str:
        """Until when somebody else may accept it."""
        return deadline(ends_at(self.transfer), self.event.time_zone) if self.transfer else ""

    @property
    def list_button(self) -> Button | None:
        """What the person may do about the list of participants: to leave it is always possible."""
        if self.registration.in_list:
            return IN_LIST
        return OUT_OF_LIST if self.event.lists_participants and self.registration.state not in ENDED else None

    @property
    def list_sentence(self) -> str:
        """Whether the person is in the list of participants."""
        return LISTED if self.registration.in_list else NOT_LISTED

    @property
    def sees_list(self) -> bool:
        """Whether the person may read the list of participants."""
        return sees_list(self.registration, self.now)


class ParticipantsSheet(SessionSheet):
    """The participants of a session, as one of them reads them."""

    def __init__(self, registration: Registration, token: str):
        super().__init__(registration.session)
        self.token = token

    @cached_property
    def people(self) -> list[Registration]:
        """Those who agree to be shown, by name."""
        return participants(self.session)


class TransferSheet(SessionSheet):
    """A place that is proposed, as who receives it reads it."""

    def __init__(self, transfer: RegistrationTransfer, now: dt.datetime):
        super().__init__(transfer.registration.session)
        self.transfer = transfer
        self.is_open = is_open(transfer, now)

    @property
    def giver(self) -> str:
        """Who gives the place."""
        return self.transfer.registration.full_name

    @property
    def presence(self) -> str:
        """« Sur place »: that of the place."""
        return capfirst(self.transfer.registration.get_presence_display())

    @property
    def until(self) -> str:
        """Until when it may be accepted."""
        return deadline(ends_at(self.transfer), self.event.time_zone)

    @property
    def closed_title(self) -> str:
        """What became of the place."""
        return (TAKEN if self.transfer.taken_by_id else CLOSED)[0]

    @property
    def closed_text(self) -> str:
        """The same, in a sentence."""
        return (TAKEN if self.transfer.taken_by_id else CLOSED)[1]
