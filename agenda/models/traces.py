"""What was done with the data of registrants: exports, messages, purges. Counts and events, never a person."""

from django.conf import settings
from django.db import models

from .sessions import EventSession


class Trace(models.Model):
    """Something done to the registrations of a session, by whom and when; it outlives the session."""

    wagtail_reference_index_ignore = True

    session = models.ForeignKey(
        EventSession, verbose_name="séance", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    what = models.CharField("événement et séance", max_length=500)
    count = models.PositiveIntegerField("inscriptions concernées")
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} ({self.count})"


class RegistrationExport(Trace):
    """A file of registrants that somebody took out."""

    format = models.CharField("format", max_length=20)
    filters = models.CharField("filtres", max_length=500, blank=True)

    class Meta(Trace.Meta):
        verbose_name = "export d’inscriptions"
        verbose_name_plural = "exports d’inscriptions"


class RegistrationPurge(Trace):
    """Registrations whose persons were erased, when they should; ``by`` is empty for the scheduled job."""

    states = models.JSONField("nombre par état", default=dict)
    answers = models.PositiveIntegerField("réponses personnelles effacées", default=0)

    class Meta(Trace.Meta):
        verbose_name = "purge d’inscriptions"
        verbose_name_plural = "purges d’inscriptions"


class SessionMessage(Trace):
    """A message that an organiser wrote to a group of registrants."""

    group = models.CharField("à qui", max_length=200)
    subject = models.CharField("objet", max_length=150)
    body = models.TextField("message")

    class Meta(Trace.Meta):
        verbose_name = "message aux inscrits"
        verbose_name_plural = "messages aux inscrits"
