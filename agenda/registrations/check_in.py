"""Who is awaited at the door of a session, who is there, and what a code that is scanned leads to."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst

from agenda.events.kinds import COMING, RegistrationState, zone
from agenda.models import EventSession, Registration
from agenda.registrations import decisions
from agenda.sessions.policy import checked_in_events, may_check_in
from agenda.sessions.times import hour, when
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.listing.sorts import folded

State = RegistrationState
TICKET = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
KEPT = dt.timedelta(days=7)  # how long a session that is over stays in the list of the door
MOST_SESSIONS, MOST_PEOPLE = 100, 200
OTHER_SESSION = "Ce code est celui d’une autre séance : {}."
UNKNOWN_CODE = "Ce code n’est pas celui d’une inscription à cette séance."
NOBODY = "Personne ne correspond à cette recherche."
MORE = f"Seules les {MOST_PEOPLE} premières personnes sont montrées : cherchez un nom."


def door_sessions(user, now: dt.datetime) -> QuerySet[EventSession]:
    """The sessions where somebody checks people in: in progress, to come or just over; each with ``expected`` and
    ``present``."""
    rows = EventSession.objects.taking_place().filter(event__in=checked_in_events(user).values("pk"))
    kept = Q(registrations__erased_at=None)
    counted = rows.filter(ends_at__gt=now - KEPT).annotate(
        expected=Count("registrations", filter=kept & Q(registrations__state__in=COMING)),
        present=Count("registrations", filter=kept & Q(registrations__state=State.PRESENT)),
    )
    return counted.select_related("event").order_by("starts_at", "pk")[:MOST_SESSIONS]


def tally(present: int, expected: int) -> str:
    """« 1 présent sur 30 attendus »."""
    here, awaited = ("s" if count > 1 else "" for count in (present, expected))
    return f"{present} présent{here} sur {expected} attendu{awaited}"


def session_name(session: EventSession) -> str:
    """« Atelier – Séance 2, mardi 3 mars 2027, de 14 h à 16 h »."""
    title = " – ".join(filter(None, [session.event.title, session.title]))
    return f"{title}, {when(session.starts_at, session.ends_at, session.event.time_zone)}"


def checked_in_at(registration: Registration, now: dt.datetime) -> str:
    """« à 14 h 02 » at the time of the event, with the day when it is another one."""
    where = zone(registration.session.event.time_zone)
    moment = registration.checked_in_at.astimezone(where)
    is_today = moment.date() == now.astimezone(where).date()
    return f"à {hour(moment)}" if is_today else f"le {long_date(moment.date())} à {hour(moment)}"


@dataclass(frozen=True)
class Guest:
    """Somebody as the door sees them: a name, an organisation, where they stand; nothing else."""

    registration: Registration
    now: dt.datetime

    @property
    def name(self) -> str:
        """« Camille Durand »."""
        return self.registration.full_name

    @property
    def is_present(self) -> bool:
        """Whether they are checked in."""
        return self.registration.state == State.PRESENT

    @property
    def is_expected(self) -> bool:
        """Whether they may be checked in now."""
        return self.registration.state in (State.CONFIRMED, State.ABSENT) and self.registration.session.takes_place

    @property
    def standing(self) -> str:
        """« Pointé à 14 h 02 », « Sur liste d’attente »."""
        if self.is_present:
            return f"Pointé {checked_in_at(self.registration, self.now)}"
        return capfirst(self.registration.get_state_display())

    @property
    def refusal(self) -> str:
        """Why they may not be checked in; empty for who may, or is there already."""
        if self.is_present or self.is_expected:
            return ""
        if not self.registration.session.takes_place:
            return decisions.NOBODY_COMES
        return decisions.NOT_COMING.format(state=self.registration.get_state_display())

    @property
    def is_of_another_day(self) -> bool:
        """Whether their session is not today, at the time of the event."""
        session = self.registration.session
        today = self.now.astimezone(session.zone).date()
        return not session.local_start.date() <= today <= session.local_end.date()

    @property
    def presence(self) -> str:
        """« sur place »."""
        return self.registration.get_presence_display()

    def check_in(self, by) -> tuple["Guest", str]:
        """Check them in: the guest as they are now, and what to say. Raise ValidationError for who is not expected."""
        done, is_first = decisions.check_in(registration=self.registration, by=by)
        moment = checked_in_at(done, self.now)
        return Guest(done, self.now), f"Pointé {moment}" if is_first else f"Déjà pointé {moment}"


class Door:
    """The door of a session at a given time, with what was searched: a name, or a code that was scanned."""

    def __init__(self, session: EventSession, user, query: str, now: dt.datetime):
        self.session, self.user, self.query, self.now = session, user, query, now

    @cached_property
    def everybody(self) -> list[Registration]:
        """Who registered, by name, whatever became of it; who was erased has no name any more."""
        rows = self.session.registrations.filter(erased_at=None)
        for row in rows:
            row.session = self.session
        return sorted(rows, key=lambda row: (folded(row.last_name), folded(row.first_name), row.pk))

    @property
    def tally(self) -> str:
        """How many are there, of those who are expected."""
        states = [row.state for row in self.everybody]
        return tally(states.count(State.PRESENT), sum(state in COMING for state in states))

    @cached_property
    def ticket(self) -> uuid.UUID | None:
        """The code that was scanned, alone or in its address."""
        found = TICKET.search(self.query)
        return uuid.UUID(found[0]) if found else None

    @cached_property
    def found(self) -> list[Registration]:
        """Who answers to the search: all those who are expected when there is none."""
        if self.ticket:
            return [row for row in self.everybody if row.ticket == self.ticket]
        words = folded(self.query).split()
        if not words:
            return [row for row in self.everybody if row.state in COMING]
        return [row for row in self.everybody if all(word in _index(row) for word in words)]

    @property
    def guests(self) -> list[Guest]:
        """Those who are shown."""
        return [Guest(row, self.now) for row in self.found[:MOST_PEOPLE]]

    @property
    def note(self) -> str:
        """Why somebody is not in the list; empty when there is nothing to say."""
        if self.ticket and not self.found:
            return self._other_session()
        if self.query.strip() and not self.found:
            return NOBODY
        return MORE if len(self.found) > MOST_PEOPLE else ""

    def _other_session(self) -> str:
        """What a code is for, to who checks people in there; a code of another team is unknown here."""
        other = ticket_holder(self.ticket, self.user)
        return OTHER_SESSION.format(session_name(other.session)) if other else UNKNOWN_CODE


def _index(registration: Registration) -> str:
    return folded(f"{registration.full_name} {registration.organisation}")


def ticket_holder(ticket: uuid.UUID, user) -> Registration | None:
    """The registration of a code, for who may check in there; None for anybody else, as for a code that is unknown."""
    rows = Registration.objects.select_related("session__event__commune").filter(ticket=ticket, erased_at=None)
    found = rows.first()
    return found if found and may_check_in(user, found.session.event) else None
