"""The outbox: each mail is a row, written with what it announces and sent later by a worker."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Mails to send at `now`, those that became useless left out."""
        return self.filter(state=OutgoingMail.State.PENDING, next_attempt_at__lte=now).exclude(expires_at__lte=now)

    def late(self, now: datetime):
        """Mails still waiting although their content is no longer of use."""
        return self.filter(state=OutgoingMail.State.PENDING, expires_at__lte=now)

    def abandoned(self, now: datetime):
        """Mails held by a worker that stopped answering for them."""
        return self.filter(state=OutgoingMail.State.SENDING, lease_until__lte=now)

    def settled(self):
        """Mails that no worker will touch again."""
        return self.filter(settled_at__isnull=False)

    def to_look_at(self):
        """Mails that wait for an operator."""
        return self.filter(state__in=[OutgoingMail.State.FAILED, OutgoingMail.State.UNCERTAIN])


class OutgoingMail(models.Model):
    """One mail to one recipient, rendered when it was queued.

    `key` makes queueing idempotent. While a worker holds the mail, `lease_token` names that worker's hold: every
    later write is conditional on it. `handed_over_at` is committed after the whole content was transmitted and just
    before the final dot that makes the SMTP server accept it: see docs/decisions/0005-outbox.md.
    """

    class State(models.TextChoices):
        PENDING = "pending", "à envoyer"
        SENDING = "sending", "envoi en cours"
        SENT = "sent", "envoyé"
        FAILED = "failed", "échec"
        UNCERTAIN = "uncertain", "à vérifier"
        CANCELLED = "cancelled", "annulé"

    uuid = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField("clé d’idempotence", max_length=200, unique=True)
    purpose = models.CharField("objet de l’envoi", max_length=100)
    recipient = models.EmailField("adresse du destinataire", max_length=254)
    recipient_name = models.CharField("nom du destinataire", max_length=150, blank=True)
    reply_to = models.EmailField("adresse de réponse", max_length=254, blank=True)
    subject = models.CharField("sujet", max_length=255)
    text = models.TextField("texte", blank=True)
    html = models.TextField("version HTML", blank=True)
    unsubscribe_url = models.URLField("adresse de désabonnement", max_length=500, blank=True)
    message_id = models.CharField("Message-ID", max_length=255, unique=True)

    state = models.CharField("état", max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    dated_at = models.DateTimeField("date du message")
    next_attempt_at = models.DateTimeField("prochaine tentative")
    expires_at = models.DateTimeField("inutile après", null=True, blank=True)
    lease_token = models.UUIDField("jeton de réservation", null=True, blank=True)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True, blank=True)
    handed_over_at = models.DateTimeField("transmis au serveur", null=True, blank=True)
    last_error = models.CharField("dernière erreur", max_length=500, blank=True)
    sent_at = models.DateTimeField("envoyé", null=True, blank=True)
    settled_at = models.DateTimeField("terminé", null=True, blank=True)
    erased_at = models.DateTimeField("contenu effacé", null=True, blank=True)
    created_at = models.DateTimeField("créé", auto_now_add=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel sortant"
        verbose_name_plural = "courriels sortants"
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        default_permissions = ("view",)
        permissions = [("relaunch_outgoingmail", "Peut relancer un courriel en échec")]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="mail_due"),
            models.Index(fields=["recipient"], name="mail_recipient"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_held_while_sending",
                condition=~Q(state="sending") | Q(lease_token__isnull=False, lease_until__isnull=False),
                violation_error_message="Un courriel en cours d’envoi doit être réservé par un processus.",
            ),
            models.CheckConstraint(
                name="mail_sent_has_date",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                violation_error_message="La date d’envoi accompagne l’état « envoyé », et lui seul.",
            ),
            models.CheckConstraint(
                name="mail_settled_has_date",
                condition=Q(state__in=["pending", "sending"], settled_at__isnull=True)
                | (~Q(state__in=["pending", "sending"]) & Q(settled_at__isnull=False)),
                violation_error_message="La date de fin accompagne un état final, et lui seul.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def can_be_relaunched(self) -> bool:
        """Failed or uncertain, its content not erased yet."""
        return self.state in (self.State.FAILED, self.State.UNCERTAIN) and self.erased_at is None


class MailAttachment(models.Model):
    """A file that goes with a mail; `content_type` may carry parameters (text/calendar; method=REQUEST)."""

    mail = models.ForeignKey(
        OutgoingMail, on_delete=models.CASCADE, related_name="attachments", verbose_name="courriel"
    )
    name = models.CharField("nom du fichier", max_length=150)
    content_type = models.CharField("type", max_length=150)
    content = models.BinaryField("contenu")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering: ClassVar[list[str]] = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
