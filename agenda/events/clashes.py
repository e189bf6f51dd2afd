"""Events that would do well to know of each other: same theme, within ten days, near by or at a distance.

Whoever plans a session is told, and nothing is refused: it may be the occasion of organising together.
"""

import datetime as dt
import math
from collections.abc import Iterable
from typing import NamedTuple

from agenda.events.kinds import Presence
from agenda.events.listing_filters import Slot, slot_of
from agenda.models import EventPage, EventSession
from territoires_en_commun.base.models import Theme
from territoires_en_commun.territories.models import Territory, TerritoryType

DAYS = 10
KILOMETRES = 50
EARTH_RADIUS = 6371.0088  # mean, in kilometres (IUGG)
SAME_DEPARTEMENT = "dans le même département"
REMOTE = "à distance"


class Clash(NamedTuple):
    """A session of another event, and how near it is: « à 12 km »."""

    session: EventSession
    where: str


def clashes(session: EventSession, now: dt.datetime) -> list[Clash]:
    """The other published events near a session that is to come, each by its nearest session, in order of date.

    ``session`` may not be saved yet; only what every visitor may read is told.
    """
    if session.ends_at <= now:
        return []
    slot = slot_of(session, session.event.time_zone)
    nearest: dict[int, tuple[int, Clash]] = {}
    for other in candidates(session, now):
        days = days_between(slot, slot_of(other, other.event.time_zone))
        where = how_near(session, other) if days <= DAYS else ""
        if where and days < nearest.get(other.event_id, (DAYS + 1,))[0]:
            nearest[other.event_id] = days, Clash(other, where)
    return sorted((clash for _, clash in nearest.values()), key=lambda clash: clash.session.starts_at)


def all_clashes(sessions: Iterable[EventSession], now: dt.datetime) -> list[Clash]:
    """Those of several sessions of one event, each other event once."""
    found = {clash.session.event_id: clash for session in sessions for clash in clashes(session, now)}
    return sorted(found.values(), key=lambda clash: clash.session.starts_at)


def candidates(session: EventSession, now: dt.datetime) -> Iterable[EventSession]:
    """The sessions to come of other public events on a theme of this one, a day more on each side: zones differ."""
    wanted = {theme.current.pk for theme in session.event.themes.all()}
    themes = [theme.pk for theme in Theme.objects.select_related("replaced_by") if theme.current.pk in wanted]
    events = EventPage.objects.live_public().filter(themes__in=themes).exclude(pk=session.event_id).order_by()
    margin = dt.timedelta(days=DAYS + 1)
    return (
        EventSession.objects.to_come(now)
        .taking_place()
        .filter(starts_at__lt=session.ends_at + margin, ends_at__gt=session.starts_at - margin)
        .filter(event__in=events.values("pk"))
        .select_related("event__commune")
    )


def days_between(slot: Slot, other: Slot) -> int:
    """Days from the end of one to the start of the other, each where it takes place; 0 when they share a day."""
    return max((slot.first_day - other.last_day).days, (other.first_day - slot.last_day).days, 0)


def how_near(session: EventSession, other: EventSession) -> str:
    """« à distance », « à 12 km », « dans le même département »; empty when they are far."""
    if Presence.REMOTE in session.presences or Presence.REMOTE in other.presences:
        return REMOTE
    if session.event.point and other.event.point:
        distance = kilometres(session.event.point, other.event.point)
        return f"à {round(distance)}\u00a0km" if distance <= KILOMETRES else ""
    shared = departements(session.event.commune) & departements(other.event.commune)
    return SAME_DEPARTEMENT if shared else ""


def departements(commune: Territory | None) -> set[int]:
    """The primary keys of the départements of a commune."""
    around = commune.containers if commune else []
    return {territory.pk for territory in around if territory.type == TerritoryType.DEPARTEMENT}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance on the great circle between two points, latitude and longitude in degrees (haversine)."""
    (south, west), (north, east) = (tuple(map(math.radians, point)) for point in (one, other))
    chord = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(chord, 1)))
