"""A place that somebody gives to somebody else, who has to accept it."""

import uuid

from django.db import models
from django.db.models import Q

from .registrations import Registration, address_key


class RegistrationTransfer(models.Model):
    """One proposal, alone for a registration: it ends when it is accepted, declined, taken back, or too late."""

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, verbose_name="inscription", on_delete=models.CASCADE, related_name="transfers"
    )
    email = models.EmailField("adresse du destinataire", max_length=254)
    email_key = models.CharField("adresse comparée", max_length=254, editable=False)
    created_at = models.DateTimeField("proposée le")
    ended_at = models.DateTimeField("close le", null=True, editable=False)
    taken_by = models.OneToOneField(
        Registration,
        verbose_name="inscription qui en vient",
        null=True,
        on_delete=models.SET_NULL,
        related_name="comes_from",
        editable=False,
    )

    class Meta:
        verbose_name = "transmission d’une place"
        verbose_name_plural = "transmissions de places"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(ended_at=None),
                name="transfer_one_at_a_time",
                violation_error_message="Cette place est déjà proposée à quelqu’un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} → {self.uuid}"

    def save(self, *args, **kwargs):
        self.email_key = address_key(self.email)
        super().save(*args, **kwargs)
