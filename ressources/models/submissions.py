"""What a person without account proposes, until it becomes a page or is forgotten."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from territoires_en_commun.base.fields import ChoicesField

from .experiences import ExperiencePage

KEEP_DRAFTS = timedelta(days=30)  # without change
KEEP_REFUSED = timedelta(days=90)
KEEP_UNDECIDED = timedelta(days=365)  # after the sending
NOTICE = timedelta(days=30)  # how long before that the team is warned
KEEP_ACCEPTED = timedelta(days=365)  # after the publication


class SubmissionState(models.TextChoices):
    """Where a submission is; only submission_services.py moves it."""

    DRAFT = "brouillon", "brouillon"
    SENT = "envoye", "à examiner"
    ACCEPTED = "accepte", "acceptée"
    REFUSED = "refuse", "renvoyée à l’auteur"


class ReturnReason(models.TextChoices):
    """Why a submission goes back to its author, in the words that the author reads."""

    INCOMPLETE = "incomplet", "Des parties sont trop courtes pour qu’une autre collectivité s’en serve."
    UNCLEAR = "obscur", "Le récit n’est pas assez clair."
    UNSOURCED = "chiffres", "Des chiffres sont à préciser ou à sourcer."
    PERSONAL_DATA = "personnes", "Le texte cite des personnes : leurs noms ou leurs coordonnées sont à retirer."
    PROMOTION = "publicite", "Le texte fait la promotion d’un produit ou d’une entreprise."
    NOT_AN_EXPERIENCE = "hors-sujet", "Ce n’est pas le retour d’expérience d’un territoire."
    DUPLICATE = "doublon", "Cette expérience est déjà publiée."
    OTHER = "autre", "Autre raison, expliquée ci-dessous."


class ExperienceSubmission(models.Model):
    """An experience that somebody tells without an account, found again by signed links only.

    ``data`` holds, for each step of the form, what was typed in each of its fields, as lists of texts.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identity = models.CharField("identité du formulaire", max_length=32, unique=True, editable=False)
    email = models.EmailField("adresse électronique", blank=True, db_index=True)
    title = models.CharField("titre", max_length=150, blank=True)
    data = models.JSONField("réponses", default=dict, blank=True)
    step = models.CharField("étape en cours", max_length=20)
    state = models.CharField(
        "état", max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT, db_index=True
    )
    created_at = models.DateTimeField("commencée le")
    changed_at = models.DateTimeField("modifiée le")
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    warned_at = models.DateTimeField("équipe prévenue de l’effacement le", null=True, blank=True)
    sendings = models.PositiveSmallIntegerField("nombre d’envois", default=0)
    decided_at = models.DateTimeField("examinée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="examinée par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    wants_completion = models.BooleanField("complément demandé", default=False)
    reasons = ChoicesField("raisons", several=ReturnReason.choices)
    message = models.TextField("message à l’auteur", blank=True, max_length=2000)
    page = models.OneToOneField(
        ExperiencePage,
        verbose_name="page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="submission",
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    erased_at = models.DateTimeField("effacée le", null=True, blank=True)

    class Meta:
        verbose_name = "expérience proposée"
        verbose_name_plural = "expériences proposées"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=True) | models.Q(state=SubmissionState.ACCEPTED),
                name="submission_page_once_accepted",
                violation_error_message="Seule une proposition acceptée a une page.",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SubmissionState.DRAFT) | models.Q(sent_at__isnull=False, sendings__gte=1),
                name="submission_sent_once_decided",
                violation_error_message="Une proposition est envoyée avant d’être examinée.",
            ),
            models.CheckConstraint(
                condition=~models.Q(email="") | models.Q(erased_at__isnull=False),
                name="submission_has_an_author",
                violation_error_message="Une proposition a l’adresse de son auteur, tant qu’elle n’est pas effacée.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Expérience sans titre"

    @property
    def is_draft(self) -> bool:
        """Whether its author is writing it."""
        return self.state == SubmissionState.DRAFT

    @property
    def is_sent(self) -> bool:
        """Whether it waits for a moderator."""
        return self.state == SubmissionState.SENT

    @property
    def is_accepted(self) -> bool:
        """Whether it became a page."""
        return self.state == SubmissionState.ACCEPTED

    @property
    def is_returned(self) -> bool:
        """Whether it waits for its author, who may correct it."""
        return self.state == SubmissionState.REFUSED

    @property
    def state_label(self) -> str:
        """« À examiner », « Refusée », « Complément demandé »."""
        if self.is_returned:
            return "Complément demandé" if self.wants_completion else "Refusée"
        label = self.get_state_display()
        return label[:1].upper() + label[1:]

    @property
    def organisation(self) -> str:
        """That of the author, as it was typed."""
        return "".join(self.data.get("vous", {}).get("organisation", []))

    @property
    def reason_labels(self) -> list[str]:
        """What the author is told, besides ``message``."""
        return self._meta.get_field("reasons").labels_of(self.reasons)
