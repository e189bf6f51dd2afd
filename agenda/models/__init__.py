"""Calls for projects, events, their sessions and who is registered."""

from .call_index import CallIndexPage
from .calls import CallPage
from .changes import CallChange, ChangedField, PublishedTerms
from .event_index import EventIndexPage
from .events import EventPage
from .questions import EventQuestion
from .registrations import Registration, RegistrationMove
from .sessions import EventSession
from .teams import EventTeamMember
from .traces import RegistrationExport, RegistrationPurge, SessionMessage
from .transfers import RegistrationTransfer
from .winners import CallWinner

__all__ = [
    "CallChange",
    "CallIndexPage",
    "CallPage",
    "CallWinner",
    "ChangedField",
    "EventIndexPage",
    "EventPage",
    "EventQuestion",
    "EventSession",
    "EventTeamMember",
    "PublishedTerms",
    "Registration",
    "RegistrationExport",
    "RegistrationMove",
    "RegistrationPurge",
    "RegistrationTransfer",
    "SessionMessage",
]
