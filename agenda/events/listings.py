"""The listing of events: what comes next first, for a place, a mode, a theme, between two days."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from agenda.calendar_files import calendar_response
from agenda.events.calendars import calendar_of
from agenda.events.kinds import EventKind, EventMode, SessionStatus
from agenda.events.listing_dates import DatedListing
from agenda.events.listing_filters import BY_DATE, FROM, LATEST, MONTH, UNTIL, WHEN, YEAR, EventTerritory, slot_of
from agenda.models import EventPage, EventSession
from agenda.sessions.times import when
from territoires_en_commun.base.listing import (
    NEAREST,
    RELEVANCE,
    AudienceFacet,
    ChoiceFacet,
    Column,
    FeedItem,
    ProgrammeFacet,
    TextFilter,
    ThemeFacet,
)
from territoires_en_commun.base.listing.feeds import NO_DATE

KINDS = [(value, capfirst(label)) for value, label in EventKind.choices]
MODES = [(value, capfirst(label)) for value, label in EventMode.choices]
TERRITORY = EventTerritory()
STATUS_KINDS = {SessionStatus.CANCELLED: "error", SessionStatus.POSTPONED: "warning"}
FULL = "Complet"


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

    @property
    def where(self) -> str:
        """The commune, or « À distance »."""
        return self.place or self.mode


class EventListing(DatedListing):
    """The agenda."""

    nouns = ("événement", "événements")
    no_result = "Aucun événement"
    search_label = "Rechercher un événement"
    results_title = "Événements"
    item_template = "agenda/event_item.html"
    note_template = "agenda/event/views.html"
    exports = {**DatedListing.exports, "ics": "export_ics"}
    filters = (
        TextFilter(),
        TERRITORY,
        WHEN,
        FROM,
        UNTIL,
        YEAR,
        MONTH,
        ChoiceFacet("type", "Type d’événement", "kind", KINDS),
        ChoiceFacet("mode", "Modalité", "mode", MODES),
        ThemeFacet(),
        ProgrammeFacet(),
        AudienceFacet(),
    )
    sorts = (BY_DATE, RELEVANCE, NEAREST, LATEST)

    def pages(self) -> QuerySet:
        return EventPage.objects.all()

    def item_pages(self, pages: QuerySet) -> QuerySet:
        sessions = EventSession.objects.with_taken()
        return pages.select_related("commune").prefetch_related(Prefetch("sessions", sessions))

    # The rows

    def row(self, page: EventPage) -> EventRow:
        now = timezone.now()
        sessions = list(page.sessions.all())
        asked = [session for session in sessions if self.is_asked(slot_of(session, page.time_zone))]
        to_come = [session for session in sessions if session.ends_at > now]
        return self.row_at(page, shown_session(asked or sessions, now), others=max(len(to_come) - 1, 0))

    def row_at(self, page: EventPage, session: EventSession | None, *, others: int = 0) -> EventRow:
        """An event by one of its sessions."""
        status, status_kind = self.standing(session, timezone.now())
        return EventRow(
            page=page,
            url=page.get_url(),
            kind=capfirst(page.get_kind_display()),
            mode=capfirst(page.get_mode_display()),
            when=capfirst(when(session.starts_at, session.ends_at, page.time_zone)) if session else "",
            others=others,
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

    # What other pages show

    def next_rows(self, count: int, among: Q | None = None) -> list[EventRow]:
        """The events to come which take place, each by its next session, the nearest first; one query.

        ``among`` narrows their sessions.
        """
        sessions = EventSession.objects.to_come(timezone.now()).taking_place()
        following = sessions.filter(event=OuterRef("event")).order_by("starts_at", "pk").values("pk")
        events = self.visibility.visible(self.pages()).filter(pk=OuterRef("event"))
        found = sessions.filter(Exists(events), pk=Subquery(following[:1])).filter(among or Q())
        found = found.select_related("event__commune").defer("event__description", "event__materials")
        return [self.row_at(session.event, session) for session in found.order_by("starts_at", "pk")[:count]]

    # Feeds and files

    @property
    def feed_name(self) -> str:
        return "Agenda"

    def feed_pages(self, pages: QuerySet) -> QuerySet:
        return self.item_pages(pages)

    def feed_item(self, page: EventPage) -> FeedItem:
        """When and where, then what; a session that moves makes the item new again."""
        sessions = list(page.sessions.all())
        row = self.row(page)
        told = [row.when, row.status, row.place, page.summary]
        return FeedItem(
            page,
            page.first_published_at or NO_DATE,
            author=page.organisers_text,
            categories=[row.kind, row.mode, *row.tags],
            description=" – ".join(filter(None, told)),
            changed_at=max((session.changed_at for session in sessions), default=NO_DATE),
        )

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
        calendar = calendar_of(sessions, name=f"Agenda{self.title_suffix}", source=source)
        return calendar_response(calendar.to_ical(), "agenda")

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
