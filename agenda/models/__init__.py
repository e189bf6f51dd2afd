"""Calls for projects; events come with them later."""

from .call_index import CallIndexPage
from .calls import CallPage
from .changes import CallChange, ChangedField, PublishedTerms
from .event_index import EventIndexPage
from .events import EventPage
from .registrations import Registration, RegistrationMove
from .sessions import EventSession
from .winners import CallWinner

__all__ = [
    "CallChange",
    "CallIndexPage",
    "CallPage",
    "CallWinner",
    "ChangedField",
    "EventIndexPage",
    "EventPage",
    "EventSession",
    "PublishedTerms",
    "Registration",
    "RegistrationMove",
]
