"""What an event asks of those who register. Rows apart: no version of the page brings any back."""

import uuid
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from agenda.events.kinds import QuestionKind

from .events import EventPage

MAX_CHOICES = 20
MAX_RETENTION = 365  # days after the session, as for the registration itself
NO_CHOICES = "Écrivez au moins deux réponses à proposer, une par ligne."
CHOICES_OF_A_TEXT = "Seule une question à choix propose des réponses : videz cette liste, ou changez le type."
SAME_CHOICE_TWICE = "La même réponse est proposée deux fois."
TOO_MANY_CHOICES = f"{MAX_CHOICES} réponses au plus."
PURPOSE_NEEDED = "Une question personnelle dit à quoi sert la réponse."
RETENTION_NEEDED = "Une question personnelle dit combien de jours la réponse est gardée."


class EventQuestionQuerySet(models.QuerySet):
    """Questions of an event."""

    def asked(self) -> Self:
        """Those that the form asks: one that was answered is archived, never deleted."""
        return self.filter(is_archived=False)


class EventQuestion(models.Model):
    """One question of the form of registration; answers are kept in ``Registration.answers``, by ``uuid``."""

    wagtail_reference_index_ignore = True

    event = models.ForeignKey(EventPage, verbose_name="événement", on_delete=models.CASCADE, related_name="questions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    label = models.CharField("question", max_length=200)
    help_text = models.CharField("aide", max_length=300, blank=True)
    kind = models.CharField("type de réponse", max_length=20, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    choices_text = models.TextField("réponses proposées", blank=True, help_text="Une par ligne.")
    is_required = models.BooleanField("réponse obligatoire", default=False)
    is_personal = models.BooleanField(
        "la réponse est une donnée personnelle", default=False, help_text="Régime alimentaire, téléphone, âge…"
    )
    purpose = models.CharField(
        "à quoi sert la réponse", max_length=300, blank=True, help_text="Montré avec la question."
    )
    retention_days = models.PositiveSmallIntegerField(
        "conservation de la réponse (jours après la séance)",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "La durée est d’au moins un jour."),
            MaxValueValidator(MAX_RETENTION, f"La durée est de {MAX_RETENTION} jours au plus."),
        ],
    )
    is_archived = models.BooleanField("archivée", default=False, editable=False)

    objects = EventQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question aux inscrits"
        verbose_name_plural = "questions aux inscrits"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_personal=False) | ~Q(purpose="") & Q(retention_days__isnull=False),
                name="question_personal_is_justified",
                violation_error_message=PURPOSE_NEEDED,
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def choices(self) -> list[str]:
        """The answers that are proposed, in order."""
        return [line.strip() for line in self.choices_text.splitlines() if line.strip()]

    def clean(self):
        errors: dict[str, Any] = {}
        if self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            if len(self.choices) < 2:
                errors["choices_text"] = NO_CHOICES
            elif len(self.choices) > MAX_CHOICES:
                errors["choices_text"] = TOO_MANY_CHOICES
            elif len(set(self.choices)) < len(self.choices):
                errors["choices_text"] = SAME_CHOICE_TWICE
        elif self.choices:
            errors["choices_text"] = CHOICES_OF_A_TEXT
        if self.is_personal and not self.purpose.strip():
            errors["purpose"] = PURPOSE_NEEDED
        if self.is_personal and self.retention_days is None:
            errors["retention_days"] = RETENTION_NEEDED
        if errors:
            raise ValidationError(errors)
