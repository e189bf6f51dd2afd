"""Who may take a seat: numbers, given only below the capacity; some kept for small communes until a week before."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import count
from typing import Self

from agenda.events.kinds import Presence
from agenda.models import EventSession

QUOTA_RELEASED = dt.timedelta(days=7)  # before the start


@dataclass(frozen=True)
class Seats:
    """The seats of a session for one presence, at a given time."""

    capacity: int | None  # None: without limit
    reserved: int  # for small communes; 0 once released
    taken: frozenset[int]
    taken_by_small: int

    @property
    def left(self) -> int | None:
        """How many are free; None without limit. Seats taken beyond a capacity that was lowered leave none."""
        return None if self.capacity is None else max(self.capacity - len(self.taken), 0)

    @property
    def left_for_all(self) -> int | None:
        """How many are free for whoever is not of a small commune."""
        if self.capacity is None:
            return None
        taken_by_others = len(self.taken) - self.taken_by_small
        return min(self.left, max(self.capacity - self.reserved - taken_by_others, 0))

    def left_for(self, is_small: bool) -> int | None:
        """How many are free for this person."""
        return self.left if is_small else self.left_for_all

    def number_for(self, is_small: bool) -> int | None:
        """The seat that this person gets, None when there is none for them."""
        return None if self.left_for(is_small) == 0 else next(n for n in count(1) if n not in self.taken)

    def with_taken(self, number: int, is_small: bool) -> Self:
        """The same once this seat is taken."""
        return replace(self, taken=self.taken | {number}, taken_by_small=self.taken_by_small + is_small)


def seats_of(session: EventSession, presence: Presence | str, now: dt.datetime) -> Seats:
    """The seats of a session, as the database says; exact under the lock of the session."""
    rows = session.registrations.seated().filter(presence=presence).values_list("seat", "is_small")
    taken = dict(rows)
    capacity = session.capacity(presence)
    quota = 0 if quota_is_released(session, now) else session.event.small_quota or 0
    return Seats(
        capacity=capacity,
        reserved=quota if capacity is None else min(quota, capacity),
        taken=frozenset(taken),
        taken_by_small=sum(taken.values()),
    )


def quota_is_released(session: EventSession, now: dt.datetime) -> bool:
    """Whether the seats kept for small communes are open to all."""
    return session.starts_at - QUOTA_RELEASED <= now
