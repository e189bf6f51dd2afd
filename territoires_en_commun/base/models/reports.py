"""What visitors say is wrong in a page, and the answer."""

from datetime import timedelta

from django.conf import settings
from django.db import models

KEEP_REPORTS = timedelta(days=365)


class ErrorReport(models.Model):
    """An error that somebody reports in a published page; closed with an answer."""

    page = models.ForeignKey(
        "base.BasePage", verbose_name="page", null=True, on_delete=models.SET_NULL, related_name="error_reports"
    )
    page_title = models.CharField("titre de la page", max_length=255)
    message = models.TextField("ce qui est faux")
    email = models.EmailField("adresse électronique", blank=True)
    identity = models.CharField("identité du formulaire", max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)
    reply = models.TextField("réponse", blank=True)
    closed_at = models.DateTimeField("traité le", null=True, blank=True, db_index=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="traité par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="closed_reports",
    )

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Signalement sur « {self.page_title} »"

    @property
    def is_open(self) -> bool:
        """Whether nobody answered yet."""
        return self.closed_at is None

    @property
    def state_label(self) -> str:
        return "À traiter" if self.is_open else "Traité"
