"""The list of the participants of a session: those who agree to be in it, shown to those who are registered only."""

import datetime as dt

from agenda.events.kinds import COMING
from agenda.models import EventSession, Registration
from territoires_en_commun.base.listing.sorts import folded

SHOWN_FOR = dt.timedelta(days=183)  # after the session: six months


def sees_list(registration: Registration, now: dt.datetime) -> bool:
    """Whether somebody may read the list: they are coming, and it is not hidden yet."""
    session = registration.session
    is_shown = session.event.lists_participants and now < session.ends_at + SHOWN_FOR
    return is_shown and registration.state in COMING and registration.erased_at is None


def participants(session: EventSession) -> list[Registration]:
    """Those who are coming and agree to be in the list, by name."""
    rows = session.registrations.coming().filter(in_list=True, erased_at=None)
    return sorted(rows, key=lambda row: (folded(row.last_name), folded(row.first_name), row.pk))
