"""Who is registered for a session. States are moved by ``registrations.services`` only, under the lock of the session.

A seat is a number, unique in its session and presence, given only below the capacity: two people never hold the same
one, whatever the code does (standards: architecture.md §5, « the database has the last word »).
"""

import datetime as dt
import unicodedata
import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from agenda.events.kinds import ACTIVE, COMING, SEATED, Presence, RegistrationState
from territoires_en_commun.territories.models import Territory

from .sessions import EventSession

State = RegistrationState


def address_key(email: str) -> str:
    """What makes two addresses the same: case, spaces and Unicode forms aside."""
    return unicodedata.normalize("NFKC", "".join(email.split())).casefold()


class RegistrationQuerySet(models.QuerySet):
    """Registrations by what they hold."""

    def seated(self) -> Self:
        """Those that hold a seat."""
        return self.filter(seat__isnull=False)

    def coming(self) -> Self:
        """Those of people who are coming."""
        return self.filter(state__in=COMING)

    def active(self) -> Self:
        """Those that count as the registration of their address."""
        return self.filter(state__in=ACTIVE)

    def queue(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(state=State.WAITING).order_by("rank")

    def late_offers(self, now: dt.datetime) -> Self:
        """Seats offered that nobody took in time."""
        return self.filter(state=State.OFFERED, offered_until__lte=now)


class Registration(models.Model):
    """One person for one session, in one way. A cancelled registration is a state, not a deletion."""

    wagtail_reference_index_ignore = True  # a registration is no use of a territory

    # What the QR code holds: it names nobody and opens nothing.
    ticket = models.UUIDField("code de pointage", default=uuid.uuid4, unique=True, editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.CharField("code de l’attestation", max_length=20, null=True, unique=True, editable=False)
    identity = models.CharField("identité du formulaire", max_length=32, unique=True, editable=False)
    session = models.ForeignKey(
        EventSession, verbose_name="séance", on_delete=models.PROTECT, related_name="registrations"
    )
    presence = models.CharField("modalité", max_length=20, choices=Presence.choices)
    state = models.CharField("état", max_length=20, choices=State.choices, default=State.TO_CONFIRM, editable=False)
    email = models.EmailField("adresse e-mail", max_length=254)
    email_key = models.CharField("adresse comparée", max_length=254, editable=False, db_index=True)
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150)
    organisation = models.CharField("structure", max_length=255, blank=True)
    role = models.CharField("fonction", max_length=150, blank=True)
    commune = models.ForeignKey(
        Territory, verbose_name="commune", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_small = models.BooleanField("d’une petite commune", default=False, editable=False)
    needs = models.TextField("besoins d’accessibilité", blank=True)
    answers = models.JSONField("réponses", default=dict, blank=True)
    in_list = models.BooleanField("accepte d’être dans la liste des participants", default=False)

    rank = models.PositiveIntegerField("rang", null=True, editable=False)
    seat = models.PositiveIntegerField("place", null=True, editable=False)
    is_approved = models.BooleanField("validée par l’organisateur", default=False, editable=False)
    offered_until = models.DateTimeField("place proposée jusqu’à", null=True, editable=False)
    created_at = models.DateTimeField("reçue le")
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, editable=False)
    checked_in_at = models.DateTimeField("pointée à", null=True, editable=False)
    erased_at = models.DateTimeField("personne effacée le", null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["session", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "email_key"],
                condition=Q(state__in=ACTIVE, erased_at=None),
                name="registration_once",
                violation_error_message="Cette adresse est déjà inscrite à cette séance.",
            ),
            models.UniqueConstraint(
                fields=["session", "presence", "seat"],
                condition=Q(seat__isnull=False),
                name="registration_seat_once",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.UniqueConstraint(
                fields=["session", "rank"],
                condition=Q(rank__isnull=False),
                name="registration_rank_once",
                violation_error_message="Ce rang est déjà pris.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SEATED, seat__isnull=False)
                | Q(state=State.AWAITING)
                | ~Q(state__in=[*SEATED, State.AWAITING]) & Q(seat__isnull=True),
                name="registration_seat_follows_state",
                violation_error_message="Une place est tenue par une inscription confirmée, et par elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(seat__gte=1),
                name="registration_seat_counts_from_one",
                violation_error_message="Les places se comptent à partir de 1.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OFFERED, offered_until__isnull=False)
                | ~Q(state=State.OFFERED) & Q(offered_until__isnull=True),
                name="registration_offer_has_an_end",
                violation_error_message="Une place proposée l’est jusqu’à une heure dite, et elle seule.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ACTIVE) | Q(rank__isnull=False, confirmed_at__isnull=False),
                name="registration_confirmed_has_rank",
                violation_error_message="Une inscription confirmée a un rang.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} – {self.get_state_display()}"

    def save(self, *args, **kwargs):
        self.email_key = address_key(self.email)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """« Camille Durand »; a name of one word is a name."""
        return f"{self.first_name} {self.last_name}".strip()


class RegistrationMove(models.Model):
    """One move of a registration from a state to another: who, when, why."""

    wagtail_reference_index_ignore = True

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField("de", max_length=20, choices=State.choices, blank=True)
    after = models.CharField("à", max_length=20, choices=State.choices)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        "users.User", verbose_name="par", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField("motif", max_length=500, blank=True)

    class Meta:
        verbose_name = "mouvement d’une inscription"
        verbose_name_plural = "mouvements des inscriptions"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_before_display() or 'nouvelle'} → {self.get_after_display()}"
