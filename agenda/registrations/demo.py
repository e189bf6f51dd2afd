"""Who is registered for the sessions of the demonstration: invented people, to whom nothing is written.

Rows are made here, and here only, without the services that move states: those would queue mails, and refuse to
register anybody for what is over.
"""

import datetime as dt
import uuid
from collections import Counter

from django.utils import timezone
from django.utils.text import slugify

from agenda.events.kinds import SEATED, RegistrationState
from agenda.models import EventSession, Registration, RegistrationMove
from agenda.registrations.certificates import new_code

State = RegistrationState
NAMES = (
    "Camille Exemple",
    "Dominique Fictif",
    "Claude Inventé",
    "Sacha Imaginaire",
    "Maxence Modèle",
    "Alix Factice",
    "Noé Lexemple",
    "Maya Delafiction",
    "Lou Personne",
    "Andrea Songe",
)
ORGANISATIONS = ("Mairie fictive", "Association imaginaire", "Intercommunalité inventée")
BEFORE = dt.timedelta(days=20)  # of a session that is over, when people registered


def enrol(session: EventSession, counts: dict[str, int]) -> None:
    """So many people in each state, with seats and ranks as if they had come one after the other.

    Those who are confirmed came, once the session is over.
    """
    now = timezone.now()
    is_over = session.ends_at <= now
    at = min(session.starts_at - BEFORE, now) if is_over else now
    came = {State.CONFIRMED: State.PRESENT} if is_over else {}
    states = [State(state) for state, count in counts.items() for _ in range(count)]
    seats: Counter = Counter()
    for rank, (name, asked) in enumerate(zip(NAMES, states, strict=False), start=1):
        state, presence = came.get(asked, asked), session.presences[rank % len(session.presences)]
        holds_seat = state in SEATED or (state == State.AWAITING and session.event.approval_holds_seat)
        seats[presence] += holds_seat
        registration = Registration(
            session=session,
            presence=presence,
            state=state,
            rank=rank,
            seat=seats[presence] if holds_seat else None,
            is_approved=session.event.needs_approval and state in SEATED,
            checked_in_at=session.starts_at if state == State.PRESENT else None,
            certificate=new_code() if state == State.PRESENT else None,
        )
        write(registration, name, ORGANISATIONS[rank % len(ORGANISATIONS)], at)


def write(registration: Registration, name: str, organisation: str, at: dt.datetime) -> None:
    """Keep a registration with who it is and its moves."""
    registration.identity = uuid.uuid4().hex
    registration.first_name, registration.last_name = name.split()
    registration.email = f"{slugify(name).replace('-', '.')}@exemple.fr"
    registration.organisation = organisation
    registration.created_at = registration.confirmed_at = at
    registration.save()
    moves = [("", State.TO_CONFIRM), (State.TO_CONFIRM, registration.state)]
    for before, after in moves:
        RegistrationMove.objects.create(registration=registration, before=before, after=after, at=at)
