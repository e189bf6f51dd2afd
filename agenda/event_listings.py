"""The listing of events: what comes next first, for a place, a mode, a theme, between two days."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from agenda.event_calendars import calendar_of, calendar_response
from agenda.event_kinds import EventKind, EventMode, SessionStatus
from agenda.event_listing_filters import BY_DATE, FROM, PAST, UNTIL, WHEN, Slot, between, slot_of
from agenda.models import EventPage, EventSession
from agenda.session_times import when
from territoires_en_commun.base.listing import (
    NEAREST,
    RELEVANCE,
    AudienceFacet,
    ChoiceFacet,
    Column,
    Listing,
    ProgrammeFacet,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
)

KINDS = [(value, capfirst(label)) for value, label in EventKind.choices]
MODES = [(value, capfirst(label)) for value, label in EventMode.choices]
TERRITORY = TerritoryFilter()
STATUS_KINDS = {SessionStatus.CANCELLED: "error", SessionStatus.POSTPONED: "warning"}
FULL = "Complet"
AT_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


class EventRow(NamedTuple):
    """An event as lists show it, by its next session, or the last one once it is over."""

    page: EventPage
    url: str
    kind: str
    mode: str
    when: str
    others: int
    place: str
    status: str
    status_kind: str
    tags: list[str]


class EventListing(Listing):
    """The agenda."""

    nouns = ("événement", "événements")
    no_result = "Aucun événement"
    search_label = "Rechercher un événement"
    results_title = "Événements"
    item_template = "agenda/event_item.html"
    exports = {**Listing.exports, "ics": "export_ics"}
    filters = (
        TextFilter(),
        TERRITORY,
        WHEN,
        FROM,
        UNTIL,
        ChoiceFacet("type", "Type d’événement", "kind", KINDS),
        ChoiceFacet("mode", "Modalité", "mode", MODES),
        ThemeFacet(),
        ProgrammeFacet(),
        AudienceFacet(),
    )
    sorts = (BY_DATE, RELEVANCE, NEAREST)

    def pages(self) -> QuerySet:
        return EventPage.objects.all()

    def item_pages(self, pages: QuerySet) -> QuerySet:
        sessions = EventSession.objects.with_taken()
        return pages.select_related("commune").prefetch_related(Prefetch("sessions", sessions))

    # What a day selects, and in which order

    @property
    def slots(self) -> dict[int, list[Slot]]:
        """The sessions of each event."""
        return self.part(WHEN).slots

    @cached_property
    def days(self) -> dict[str, dt.date]:
        """The first and the last day asked."""
        return {name: self.values[name] for name in (FROM.name, UNTIL.name) if name in self.values}

    def is_asked(self, slot: Slot) -> bool:
        """Whether a session is in the days asked."""
        return slot.is_between(self.days.get(FROM.name), self.days.get(UNTIL.name))

    @cached_property
    def selections(self) -> dict[str, Collection[int]]:
        """As any listing's; two days are those of one session, and days asked go before « à venir »."""
        days = self.days
        found = self.defaults | {
            filter_.name: filter_.select(self.values[filter_.name], self.part(filter_), self.pages())
            for filter_ in self.filters
            if filter_.name in self.values and filter_.name not in days
        }
        if days:
            kept = between(self.slots, days.get(FROM.name), days.get(UNTIL.name))
            found |= dict.fromkeys(days, kept)
            if WHEN.name not in self.values:
                found.pop(WHEN.name, None)
        return found

    @cached_property
    def is_past(self) -> bool:
        """Whether the list shows only what is over, the latest first."""
        return self.values.get(WHEN.name) == [PAST]

    def in_order(self, start: int = 0, stop: int | None = None) -> list[int]:
        if self.sort is not BY_DATE:
            return super().in_order(start, stop)
        now = timezone.now()
        return sorted(self.selected, key=lambda pk: self._rank(pk, now), reverse=self.is_past)[start:stop]

    def _rank(self, pk: int, now: dt.datetime) -> tuple:
        slots = [slot for slot in self.slots.get(pk, ()) if self.is_asked(slot)]
        to_come = [slot for slot in slots if slot.ends_at > now]
        placed = [slot for slot in to_come if slot.takes_place] or to_come or slots[-1:]
        return (placed[0].starts_at if placed else AT_LAST), pk

    # The rows

    def row(self, page: EventPage) -> EventRow:
        now = timezone.now()
        sessions = list(page.sessions.all())
        asked = [session for session in sessions if self.is_asked(slot_of(session, page.time_zone))]
        session = shown_session(asked or sessions, now)
        status, status_kind = self.standing(session, now)
        to_come = [row for row in sessions if row.ends_at > now]
        return EventRow(
            page=page,
            url=page.get_url(),
            kind=capfirst(page.get_kind_display()),
            mode=capfirst(page.get_mode_display()),
            when=capfirst(when(session.starts_at, session.ends_at, page.time_zone)) if session else "",
            others=max(len(to_come) - 1, 0),
            place=page.commune.name if page.commune else "",
            status=status,
            status_kind=status_kind,
            tags=self.theme_labels(page),
        )

    def standing(self, session: EventSession | None, now: dt.datetime) -> tuple[str, str]:
        """What became of a session, « Complet », « En cours »; empty for one that is simply to come."""
        if session is None:
            return "Dates à venir", "info"
        if session.status != SessionStatus.SCHEDULED:
            return capfirst(session.get_status_display()), STATUS_KINDS.get(session.status, "info")
        if session.starts_at <= now < session.ends_at:
            return "En cours", "new"
        # Seats move without a word to those who keep rows: only the list itself tells them.
        if self.visit is not None and now < session.starts_at and session.is_full:
            return FULL, "warning"
        return "", ""

    # Files

    def columns(self) -> list[Column]:
        """What the pages say."""
        own = [
            Column("Type", lambda page: page.get_kind_display()),
            Column("Modalité", lambda page: page.get_mode_display()),
            Column("Début", first_start),
            Column("Lieu", lambda page: page.venue),
            Column("Commune", lambda page: page.commune.name if page.commune else ""),
            Column("Organisateurs hors annuaire", lambda page: page.organisers_text),
        ]
        common = [column for column in super().columns() if column.header != "Type"]
        return [common[0], *own, *common[1:]]

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(pages).select_related("commune").prefetch_related("sessions")

    def export_ics(self) -> HttpResponse:
        """Every session of the results, as a calendar that phones and mail programs follow."""
        sessions = EventSession.objects.filter(event__in=self.in_order()).select_related("event__commune")
        source = settings.SITE_URL + self.url_as("ics")
        return calendar_response(calendar_of(sessions, name=f"Agenda{self.title_suffix}", source=source), "agenda")

    @property
    def calendar_url(self) -> str:
        """The sessions of the results."""
        return self.url_as("ics")


def shown_session(sessions: Sequence[EventSession], now: dt.datetime) -> EventSession | None:
    """The next session that takes place, else the next one, else the last."""
    to_come = [session for session in sessions if session.ends_at > now]
    placed = [session for session in to_come if session.takes_place] or to_come or list(sessions[-1:])
    return placed[0] if placed else None


def first_start(page: EventPage) -> dt.datetime | None:
    """When its next session starts, at the time of the event."""
    session = shown_session(list(page.sessions.all()), timezone.now())
    return session.local_start.replace(tzinfo=None) if session else None
