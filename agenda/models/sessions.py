"""When an event takes place, with which seats: rows of their own, that no version of the page brings back."""

import datetime as dt
import uuid
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, Q

from agenda.events.kinds import TAKES_PLACE, Presence, SessionStatus, zone
from territoires_en_commun.base.models import mark_change
from territoires_en_commun.base.registry import pages_changed

from .events import EventPage

ENDS_BEFORE_START = "La fin précède le début : indiquez une heure plus tardive."
CLOSES_BEFORE_OPENING = "Les inscriptions ferment avant d’ouvrir : indiquez une date plus tardive."
CLOSES_AFTER_END = "Les inscriptions ferment au plus tard à la fin de la séance."
CANCELS_AFTER_START = "On peut se désinscrire jusqu’au début de la séance au plus tard."
STATUS_WITHOUT_MESSAGE = "Écrivez aux inscrits ce qui change, et pourquoi."
TAKEN = {Presence.ONSITE: "onsite_taken", Presence.REMOTE: "remote_taken"}
SEATS = {Presence.ONSITE: "onsite_capacity", Presence.REMOTE: "remote_capacity"}


class EventSessionQuerySet(models.QuerySet):
    """Sessions at a given time."""

    def to_come(self, now: dt.datetime) -> Self:
        """Those that are not over: a session in progress is still to come."""
        return self.filter(ends_at__gt=now)

    def over(self, now: dt.datetime) -> Self:
        """Those that have ended."""
        return self.filter(ends_at__lte=now)

    def taking_place(self) -> Self:
        """Those that are neither cancelled nor postponed."""
        return self.filter(status__in=TAKES_PLACE)

    def with_taken(self) -> Self:
        """Each session with ``onsite_taken`` and ``remote_taken``, the seats that are held."""
        held = {
            f"{TAKEN[presence]}": Count(
                "registrations", filter=Q(registrations__seat__isnull=False, registrations__presence=presence)
            )
            for presence in Presence
        }
        return self.annotate(**held)


class EventSession(models.Model):
    """One date of an event. Instants are stored in UTC, and shown at the time of the event."""

    event = models.ForeignKey(EventPage, verbose_name="événement", on_delete=models.CASCADE, related_name="sessions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.UUIDField("série", null=True, blank=True, editable=False, db_index=True)
    title = models.CharField("titre", max_length=150, blank=True, help_text="Quand les séances diffèrent.")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    venue = models.CharField("lieu, s’il diffère", max_length=255, blank=True)
    status = models.CharField(
        "état", max_length=20, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED, editable=False
    )
    status_message = models.TextField("ce qui a changé", blank=True, editable=False)
    onsite_capacity = models.PositiveIntegerField(
        "places sur place", null=True, blank=True, help_text="Vide : sans limite ; 0 : tous en liste d’attente."
    )
    remote_capacity = models.PositiveIntegerField(
        "places à distance", null=True, blank=True, help_text="Vide : sans limite ; 0 : tous en liste d’attente."
    )
    opens_at = models.DateTimeField("ouverture des inscriptions", null=True, blank=True)
    closes_at = models.DateTimeField(
        "clôture des inscriptions", null=True, blank=True, help_text="Vide : au début de la séance."
    )
    cancel_until = models.DateTimeField(
        "désinscription possible jusqu’à", null=True, blank=True, help_text="Vide : jusqu’au début de la séance."
    )
    sequence = models.PositiveIntegerField("révision pour les calendriers", default=0, editable=False)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = EventSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at"], name="session_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="session_closes_after_opening",
                violation_error_message=CLOSES_BEFORE_OPENING,
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__lte=F("ends_at")),
                name="session_closes_before_end",
                violation_error_message=CLOSES_AFTER_END,
            ),
            models.CheckConstraint(
                condition=Q(cancel_until=None) | Q(cancel_until__lte=F("starts_at")),
                name="session_cancelled_before_start",
                violation_error_message=CANCELS_AFTER_START,
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.SCHEDULED) | ~Q(status_message=""),
                name="session_change_is_told",
                violation_error_message=STATUS_WITHOUT_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} – {self.local_start:%d/%m/%Y %H:%M}"

    def save(self, *args, **kwargs):
        """As any row; the lists that show sessions are read again."""
        super().save(*args, **kwargs)
        self._tell()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        self._tell()
        return deleted

    def _tell(self) -> None:
        mark_change()
        pages_changed.send(type(self), pages=[self.event_id])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the event."""
        return zone(self.event.time_zone)

    @property
    def local_start(self) -> dt.datetime:
        """The start, at the time of the event."""
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> dt.datetime:
        """The end, at the time of the event."""
        return self.ends_at.astimezone(self.zone)

    @property
    def takes_place(self) -> bool:
        """Whether it is neither cancelled nor postponed."""
        return self.status in TAKES_PLACE

    @property
    def presences(self) -> tuple[Presence, ...]:
        """The ways to take part in this session: one that moved online has no room any more."""
        return (Presence.REMOTE,) if self.status == SessionStatus.MOVED_ONLINE else self.event.presences

    def capacity(self, presence: Presence | str) -> int | None:
        """The seats of a way to take part; None without limit."""
        return getattr(self, SEATS[Presence(presence)])

    @property
    def registration_closes_at(self) -> dt.datetime:
        """When registration closes."""
        return self.closes_at or self.starts_at

    @property
    def last_cancellation_at(self) -> dt.datetime:
        """Until when people cancel by themselves."""
        return self.cancel_until or self.starts_at

    @property
    def is_full(self) -> bool:
        """Whether no seat is left, of a session read ``with_taken``."""
        capacities = {presence: self.capacity(presence) for presence in self.presences}
        return bool(capacities) and all(
            capacity is not None and getattr(self, TAKEN[presence]) >= capacity
            for presence, capacity in capacities.items()
        )

    def takes_registrations(self, now: dt.datetime) -> bool:
        """Whether one may register now."""
        has_opened = self.opens_at is None or self.opens_at <= now
        return self.takes_place and has_opened and now < self.registration_closes_at
