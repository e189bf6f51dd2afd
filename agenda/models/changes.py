"""What changed in a published call, in plain words."""

from datetime import datetime
from typing import Self

from django.db import models

from territoires_en_commun.base.models import BasePage


class ChangedField(models.TextChoices):
    """What a candidate must know of when it changes."""

    OPENING = "ouverture", "ouverture"
    PREFILING = "pre-depot", "pré-dépôt"
    CLOSING = "cloture", "clôture"
    AMOUNT = "montant", "montant"
    RATE = "taux", "taux"
    ELIGIBILITY = "eligibilite", "conditions"


class CallChangeQuerySet(models.QuerySet):
    """Questions asked of the changes."""

    def of_public_calls(self) -> Self:
        """Changes of calls that any visitor can read."""
        return self.filter(call__in=BasePage.objects.live_public().values("pk"))

    def since(self, moment: datetime) -> Self:
        """What changed after this moment in calls that visitors can read, oldest first, with the call."""
        return self.of_public_calls().filter(at__gt=moment).select_related("call").order_by("at", "pk")


class CallChange(models.Model):
    """One change from a published version to the next (``at`` is the time of its publication).

    A plain row, which no older version of the call brings back.
    """

    call = models.ForeignKey("agenda.CallPage", on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField("publié le")
    field = models.CharField("ce qui a changé", max_length=20, choices=ChangedField.choices)
    sentence = models.TextField("phrase")

    objects = CallChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement d’un appel"
        verbose_name_plural = "changements des appels"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="call_change_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "at", "field"],
                name="call_change_once",
                violation_error_message="Ce changement est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return self.sentence
