"""What the scheduler remembers of each job, and the signs of life of the background processes."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class JobStateQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Jobs to run at `now` that no living scheduler holds."""
        return self.filter(next_run_at__lte=now).filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))


class JobState(models.Model):
    """State of one scheduled job; `lease_token` names the run that holds it."""

    class Status(models.TextChoices):
        NEVER = "never", "jamais exécutée"
        RUNNING = "running", "en cours"
        SUCCEEDED = "succeeded", "réussie"
        FAILED = "failed", "en échec"
        INTERRUPTED = "interrupted", "interrompue"

    name = models.CharField("tâche", max_length=100, unique=True)
    schedule = models.CharField("périodicité", max_length=100)
    next_run_at = models.DateTimeField("prochaine exécution")
    lease_token = models.UUIDField("jeton de réservation", null=True, blank=True)
    lease_until = models.DateTimeField("réservée jusqu’à", null=True, blank=True)
    last_started_at = models.DateTimeField("dernier début", null=True, blank=True)
    last_finished_at = models.DateTimeField("dernière fin", null=True, blank=True)
    last_status = models.CharField("dernier état", max_length=12, choices=Status, default=Status.NEVER)
    last_result = models.CharField("résultat", max_length=500, blank=True)
    failures = models.PositiveIntegerField("échecs de suite", default=0)

    objects = JobStateQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche planifiée"
        verbose_name_plural = "tâches planifiées"
        ordering: ClassVar[list[str]] = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """French name given in the code."""
        from territoires_en_commun.mailing.scheduling import load_jobs

        job = load_jobs().get(self.name)
        return job.label if job else self.name


class ProcessHeartbeat(models.Model):
    """Last sign of life of one background process."""

    name = models.CharField("processus", max_length=30)
    instance = models.CharField("instance", max_length=100)
    at = models.DateTimeField("dernier signe de vie")

    class Meta:
        verbose_name = "signe de vie"
        verbose_name_plural = "signes de vie"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["name", "instance"],
                name="heartbeat_instance",
                violation_error_message="Une instance n’a qu’un signe de vie.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.instance})"
