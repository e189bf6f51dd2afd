"""What changed in a published call, in plain words."""

from typing import TYPE_CHECKING, Any

from django.db import models

from agenda.fields import AmountField

if TYPE_CHECKING:
    from .calls import CallPage


class ChangedField(models.TextChoices):
    """What a candidate must know of when it changes."""

    OPENING = "ouverture", "ouverture"
    PREFILING = "pre-depot", "pré-dépôt"
    CLOSING = "cloture", "clôture"
    AMOUNT = "montant", "montant"
    RATE = "taux", "taux"
    ELIGIBILITY = "eligibilite", "conditions"


class CallChange(models.Model):
    """One change from a published version to the next (``at`` is the time of its publication).

    A plain row, which no older version of the call brings back.
    """

    call = models.ForeignKey("agenda.CallPage", on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField("publié le")
    field = models.CharField("ce qui a changé", max_length=20, choices=ChangedField.choices)
    sentence = models.TextField("phrase")

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


class PublishedTerms(models.Model):
    """What candidates read in a call when it was last published, to tell them what the next publication changes.

    The row of the page does not say it: once a call is withdrawn, the editor writes drafts there.
    """

    call = models.OneToOneField("agenda.CallPage", on_delete=models.CASCADE, related_name="published_terms")
    opens_on = models.DateField("ouverture", null=True)
    prefiling_on = models.DateField("pré-dépôt", null=True)
    closes_on = models.DateField("clôture", null=True)
    amount_min = AmountField("montant minimal de l’aide", null=True)
    amount_max = AmountField("montant maximal de l’aide", null=True)
    rate_min = models.PositiveSmallIntegerField("taux minimal", null=True)
    rate_max = models.PositiveSmallIntegerField("taux maximal", null=True)
    eligibility = models.TextField("conditions d’éligibilité", blank=True)

    class Meta:
        verbose_name = "dernières conditions publiées d’un appel"
        verbose_name_plural = "dernières conditions publiées des appels"

    def __str__(self) -> str:
        return str(self.call)

    @classmethod
    def of(cls, call: "CallPage") -> dict[str, Any]:
        """What a version of a call says of them, by field."""
        names = (field.name for field in cls._meta.fields if not field.primary_key and field.name != "call")
        return {name: getattr(call, name) for name in names}
