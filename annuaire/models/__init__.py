"""The directory: actors, and the page that lists them."""

from annuaire.kinds import ActorType, PointSource, SheetStatus

from .actor import ActorPage
from .contacts import ActorContact, ContactObjection, PublicContact
from .directory import DirectoryPage

__all__ = [
    "ActorContact",
    "ActorPage",
    "ActorType",
    "ContactObjection",
    "DirectoryPage",
    "PointSource",
    "PublicContact",
    "SheetStatus",
]
