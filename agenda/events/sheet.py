"""What the page of an event says, ready for its template and for search engines."""

import datetime as dt
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst

from agenda.events.kinds import AccessMeasure, EventMode, Presence, RegistrationWay, SessionStatus
from agenda.models import EventPage, EventSession
from agenda.models.sessions import TAKEN
from agenda.registrations.sheet import SessionSheet
from agenda.sessions.times import deadline
from territoires_en_commun.base.addresses import PlaceList, place_list
from territoires_en_commun.base.links import LinkGroup
from territoires_en_commun.base.listing.links import listing_url
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.models.links import TITLES
from territoires_en_commun.base.sheets import PageSheet
from territoires_en_commun.base.site_info import Link

ORGANISERS = TITLES[LinkKind.ORGANISER][0]
SCHEMA = "https://schema.org/"
SCHEMA_STATUSES = {
    SessionStatus.SCHEDULED: "EventScheduled",
    SessionStatus.RESCHEDULED: "EventRescheduled",
    SessionStatus.MOVED_ONLINE: "EventMovedOnline",
    SessionStatus.POSTPONED: "EventPostponed",
    SessionStatus.CANCELLED: "EventCancelled",
}
SCHEMA_MODES = {
    EventMode.ONSITE: "OfflineEventAttendanceMode",
    EventMode.REMOTE: "OnlineEventAttendanceMode",
    EventMode.HYBRID: "MixedEventAttendanceMode",
}
BADGES = {SessionStatus.CANCELLED: "error", SessionStatus.POSTPONED: "warning"}
LEFT = {Presence.ONSITE: "sur place", Presence.REMOTE: "à distance"}


class ShownSession(SessionSheet):
    """A session on the page of its event, at a given time; its session was read ``with_taken``."""

    def __init__(self, session: EventSession, now: dt.datetime):
        super().__init__(session)
        self.now = now

    @property
    def title(self) -> str:
        """« Séance 2 », or when it is."""
        return self.session.title or self.when

    @property
    def status(self) -> str:
        """« Annulée », « En cours », « Complet »; empty for a session that is simply to come."""
        session = self.session
        if session.status != SessionStatus.SCHEDULED:
            return capfirst(session.get_status_display())
        if session.starts_at <= self.now < session.ends_at:
            return "En cours"
        return "Complet" if self.is_full else ""

    @property
    def status_kind(self) -> str:
        """The look of the badge."""
        return BADGES.get(self.session.status, "warning" if self.is_full else "info")

    @property
    def is_full(self) -> bool:
        """Whether no seat is left, where one registers here."""
        return self.event.registration_way == RegistrationWay.INTERNAL and self.session.is_full

    @property
    def seats(self) -> list[str]:
        """« 12 places sur place », for each presence that is limited."""
        if self.event.registration_way != RegistrationWay.INTERNAL:
            return []
        told = []
        for presence in self.session.presences:
            capacity = self.session.capacity(presence)
            if capacity is not None:
                left = max(capacity - getattr(self.session, TAKEN[presence]), 0)
                told.append(f"{left}\u00a0place{'s' if left > 1 else ''} {LEFT[presence]}")
        return told

    @property
    def can_register(self) -> bool:
        """Whether one may register here and now."""
        return self.event.registration_way == RegistrationWay.INTERNAL and self.session.takes_registrations(self.now)

    @property
    def register_url(self) -> str:
        """The form."""
        return reverse("register", args=[self.session.uuid])

    @property
    def register_label(self) -> str:
        """What the button does."""
        waits = self.is_full and self.event.has_waiting_list
        return "S’inscrire sur la liste d’attente" if waits else "S’inscrire"

    @property
    def dates(self) -> list[str]:
        """When registration opens and closes, while it matters."""
        session, zone_name = self.session, self.event.time_zone
        if self.event.registration_way != RegistrationWay.INTERNAL or not session.takes_place:
            return []
        if session.opens_at and self.now < session.opens_at:
            return [f"Inscriptions à partir du {deadline(session.opens_at, zone_name)}"]
        if session.closes_at and self.now < session.closes_at:
            return [f"Inscriptions jusqu’au {deadline(session.closes_at, zone_name)}"]
        return [] if self.now < session.registration_closes_at else ["Inscriptions closes"]


class EventSheet(PageSheet):
    """The data of one event at a given time; each property queries once."""

    def __init__(self, event: EventPage, now: dt.datetime):
        super().__init__(event)
        self.now = now

    @property
    def kind(self) -> str:
        """« Atelier »."""
        return capfirst(self.page.get_kind_display())

    @property
    def mode(self) -> str:
        """« En présentiel et à distance »."""
        return capfirst(self.page.get_mode_display())

    @cached_property
    def sessions(self) -> list[ShownSession]:
        """Every session, in order."""
        if not self.page.pk:
            return []
        rows = EventSession.objects.with_taken().filter(event=self.page.pk)
        shown = []
        for row in rows:
            row.event = self.page
            shown.append(ShownSession(row, self.now))
        return shown

    @property
    def to_come(self) -> list[ShownSession]:
        """Those that are not over."""
        return [sheet for sheet in self.sessions if sheet.session.ends_at > self.now]

    @property
    def over(self) -> list[ShownSession]:
        """Those that are, the latest first."""
        return [sheet for sheet in self.sessions if sheet.session.ends_at <= self.now][::-1]

    @property
    def is_external(self) -> bool:
        """Whether one registers on another site."""
        return self.page.registration_way == RegistrationWay.EXTERNAL

    @property
    def needs_no_registration(self) -> bool:
        """Whether one comes without registering."""
        return self.page.registration_way == RegistrationWay.NONE

    @property
    def address(self) -> str:
        """« 1 place de la Mairie, Guéret »."""
        page = self.page
        return ", ".join(filter(None, [page.address, page.commune.name if page.commune else ""]))

    @property
    def access(self) -> list[str]:
        """What is prepared for accessibility."""
        labels = dict(AccessMeasure.choices)
        return [capfirst(labels[value]) for value in self.page.access_measures or [] if value in labels]

    @property
    def quota(self) -> str:
        """The rule of the seats kept for small communes, which everybody reads."""
        page = self.page
        if not page.small_quota or self.is_external or self.needs_no_registration:
            return ""
        seats = f"{page.small_quota}\u00a0place{'s' if page.small_quota > 1 else ''}"
        return (
            f"{seats} de chaque séance {'sont réservées' if page.small_quota > 1 else 'est réservée'} aux communes de "
            f"moins de {page.small_population}\u00a0habitants, jusqu’à sept jours avant."
        )

    @cached_property
    def territories(self) -> PlaceList:
        """Where those for whom it is are."""
        return place_list(self.terms("territories"))

    @cached_property
    def groups(self) -> dict[str, LinkGroup]:
        """The pages linked to this one, by title."""
        return {group.title: group for group in self.linked}

    @property
    def organisers(self) -> list[Link]:
        """Who organises; one without fiche has no address."""
        group = self.groups.get(ORGANISERS)
        named = [Link(page.title, page.url) for page in group.pages] if group else []
        return [*named, Link(self.page.organisers_text, "")] if self.page.organisers_text else named

    @property
    def other_groups(self) -> list[LinkGroup]:
        """The other links."""
        return [group for title, group in self.groups.items() if title != ORGANISERS]

    @property
    def calendar_url(self) -> str:
        """The sessions as a calendar file; empty when none is to come."""
        return listing_url(self.page.get_url(), {"export": ["ics"]}) if self.to_come else ""

    # For search engines

    @property
    def structured_data(self) -> dict:
        """Each session to come as schema.org describes an event; the link of the video call is in none."""
        events = [self._event(sheet.session) for sheet in self.to_come]
        return {"@context": "https://schema.org", "@graph": events}

    def _event(self, session: EventSession) -> dict:
        page = self.page
        data = {
            "@type": "Event",
            "name": " – ".join(filter(None, [page.title, session.title])),
            "description": page.summary,
            "url": settings.SITE_URL + page.get_url(),
            "inLanguage": "fr",
            "startDate": session.local_start.isoformat(),
            "endDate": session.local_end.isoformat(),
            "eventStatus": SCHEMA + SCHEMA_STATUSES[session.status],
            "eventAttendanceMode": SCHEMA + SCHEMA_MODES[self._mode(session)],
            "location": self._locations(session),
            "organizer": [{"@type": "Organization", "name": organiser.label} for organiser in self.organisers],
        }
        return {key: value for key, value in data.items() if value}

    def _mode(self, session: EventSession) -> str:
        return EventMode.REMOTE if session.status == SessionStatus.MOVED_ONLINE else self.page.mode

    def _locations(self, session: EventSession) -> list[dict]:
        page, found = self.page, []
        if Presence.ONSITE in session.presences:
            place = {"@type": "Place", "name": session.venue or page.venue, "address": self.address}
            if page.point:
                latitude, longitude = page.point
                place["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
            found.append(place)
        if Presence.REMOTE in session.presences:
            found.append({"@type": "VirtualLocation", "url": settings.SITE_URL + page.get_url()})
        return found
