"""Calls for projects; events come with them later."""

from .call_index import CallIndexPage
from .calls import CallPage
from .changes import CallChange, ChangedField, PublishedTerms
from .winners import CallWinner

__all__ = ["CallChange", "CallIndexPage", "CallPage", "CallWinner", "ChangedField", "PublishedTerms"]
