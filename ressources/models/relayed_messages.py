"""What is remembered of the messages relayed to who lived an experience: when, and whether they were answered."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from .experiences import ExperiencePage

TIME_TO_ANSWER = timedelta(days=15)
SILENCE = 3  # messages without answer, after which the team checks the contact
KEEP_MESSAGES = timedelta(days=365)


class RelayedMessageQuerySet(models.QuerySet):
    """Reads of what was relayed."""

    def unanswered(self, now: datetime) -> Self:
        """Those that had time to be answered, and that no answer to the same contact's messages followed."""
        answers = RelayedMessage.objects.filter(
            experience=models.OuterRef("experience"),
            recipient=models.OuterRef("recipient"),
            answered_at__gte=models.OuterRef("sent_at"),
        )
        return self.filter(~models.Exists(answers), answered_at=None, sent_at__lte=now - TIME_TO_ANSWER)


class RelayedMessage(models.Model):
    """A message that left for the contact of an experience: nothing of who wrote, of what, nor of who received it.

    ``recipient`` is the mark of an address (address_marks.py): it tells one contact from the next.
    """

    wagtail_reference_index_ignore = True  # a message is no use of the page

    experience = models.ForeignKey(
        ExperiencePage, verbose_name="expérience", on_delete=models.CASCADE, related_name="relayed_messages"
    )
    identity = models.CharField("identité du formulaire", max_length=32, unique=True, editable=False)
    recipient = models.CharField("empreinte de l’adresse du contact", max_length=32, editable=False)
    sent_at = models.DateTimeField("transmis le")
    answered_at = models.DateTimeField("réponse signalée le", null=True, blank=True)
    reported_at = models.DateTimeField("silence signalé à l’équipe le", null=True, blank=True)

    objects = RelayedMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message transmis"
        verbose_name_plural = "messages transmis"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(answered_at__gte=models.F("sent_at")),
                name="relayed_message_answered_after_sending",
                violation_error_message="La réponse suit le message.",
            ),
        ]

    def __str__(self) -> str:
        return f"Message transmis le {self.sent_at:%d/%m/%Y}"
