"""The reminders already sent: one for each stage of each review."""

from django.db import models


class ReminderStage(models.TextChoices):
    """When a reminder leaves."""

    BEFORE = "avant", "trente jours avant"
    DUE = "jour", "le jour même"


class ReviewReminder(models.Model):
    """A reminder sent for a page; a page given a new date is reminded of again."""

    page = models.ForeignKey(
        "base.BasePage", verbose_name="page", on_delete=models.CASCADE, related_name="review_reminders"
    )
    due_on = models.DateField("date de revue")
    stage = models.CharField("rappel", max_length=10, choices=ReminderStage.choices)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "rappel de revue"
        verbose_name_plural = "rappels de revue"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "due_on", "stage"],
                name="review_reminder_unique",
                violation_error_message="Ce rappel est déjà parti.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.due_on:%d/%m/%Y})"
