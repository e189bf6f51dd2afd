"""The accessibility audit, from which the status shown on every page is computed, never typed."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel


class AccessibilityStatus(models.TextChoices):
    """State of conformity, in the words of the law (arrêté du 20 septembre 2019)."""

    NONE = "non", "non conforme"
    PARTIAL = "partielle", "partiellement conforme"
    FULL = "totale", "totalement conforme"


class AccessibilityAudit(models.Model):
    """An audit against the RGAA; the latest one gives the status shown on every page.

    An audit stops counting three years after its date, or eighteen months after a new version of the RGAA
    (décret 2019-768, art. 5).
    """

    date = models.DateField("date de l’audit", unique=True)
    auditor = models.CharField("réalisé par", max_length=160)
    reference = models.CharField("référentiel", max_length=40, default="RGAA 4.1.2")
    superseded_on = models.DateField(
        "parution d’une version suivante du référentiel",
        null=True,
        blank=True,
        help_text="L’audit doit être refait dans les 18 mois qui la suivent.",
    )
    conform_count = models.PositiveSmallIntegerField("critères respectés")
    applicable_count = models.PositiveSmallIntegerField("critères applicables")
    non_conformities = models.TextField("non-conformités", blank=True, help_text="Une par ligne : critère, constat.")
    exemptions = models.TextField("dérogations pour charge disproportionnée", blank=True, help_text="Une par ligne.")
    out_of_scope = models.TextField("contenus non soumis", blank=True, help_text="Un par ligne.")
    technologies = models.TextField("technologies", default="HTML5\nWAI-ARIA\nCSS\nJavaScript\nSVG")
    environment = models.TextField("environnement de test", help_text="Un par ligne : système, navigateur, lecteur.")
    tools = models.TextField("outils d’évaluation", help_text="Un par ligne.")
    sample = models.TextField("pages vérifiées", help_text="Une par ligne : nom et adresse.")
    updated_on = models.DateField("déclaration mise à jour le", default=timezone.localdate)

    panels = [
        FieldRowPanel([FieldPanel("date"), FieldPanel("auditor")]),
        FieldRowPanel([FieldPanel("reference"), FieldPanel("superseded_on")]),
        FieldRowPanel([FieldPanel("conform_count"), FieldPanel("applicable_count")]),
        *(
            FieldPanel(name)
            for name in (
                "non_conformities",
                "exemptions",
                "out_of_scope",
                "technologies",
                "environment",
                "tools",
                "sample",
                "updated_on",
            )
        ),
    ]

    class Meta:
        verbose_name = "audit d’accessibilité"
        verbose_name_plural = "audits d’accessibilité"
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applicable_count__gt=0),
                name="accessibility_audit_applicable",
                violation_error_message="Un audit porte sur au moins un critère applicable.",
            ),
            models.CheckConstraint(
                condition=models.Q(conform_count__lte=models.F("applicable_count")),
                name="accessibility_audit_counts",
                violation_error_message="Les critères respectés ne peuvent dépasser les critères applicables.",
            ),
        ]

    def __str__(self) -> str:
        return f"Audit du {self.date:%d/%m/%Y}"

    @property
    def rate(self) -> Decimal:
        """Share of applicable criteria that conform, in percent, cut (never rounded up) to two decimals."""
        share = Decimal(100 * self.conform_count) / self.applicable_count
        return share.quantize(Decimal("0.01"), rounding=ROUND_DOWN)

    @property
    def expires_on(self) -> date:
        """First day on which the audit no longer counts."""
        limits = [add_months(self.date, 36)]
        if self.superseded_on:
            limits.append(add_months(self.superseded_on, 18))
        return min(limits)

    def status(self, today: date) -> AccessibilityStatus:
        """The status that this audit supports on that day."""
        if today >= self.expires_on or self.rate < 50:
            return AccessibilityStatus.NONE
        return AccessibilityStatus.FULL if self.conform_count == self.applicable_count else AccessibilityStatus.PARTIAL


def accessibility_status(audit: AccessibilityAudit | None, today: date) -> AccessibilityStatus:
    """The status to show, « non conforme » without an audit."""
    return audit.status(today) if audit else AccessibilityStatus.NONE


def add_months(day: date, months: int) -> date:
    """The same day that many months later; the first of the next month when that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return add_months(day.replace(day=1), months + 1)
