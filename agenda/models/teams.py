"""Who organises an event or checks people in at its door, besides those who may edit its page."""

from django.conf import settings
from django.db import models

from agenda.events.kinds import TeamRole

from .events import EventPage


class EventTeamMember(models.Model):
    """One person of the team of an event: organisers manage sessions and registrations, the door only checks in."""

    wagtail_reference_index_ignore = True

    event = models.ForeignKey(EventPage, verbose_name="événement", on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.CASCADE, related_name="event_roles"
    )
    role = models.CharField("rôle", max_length=20, choices=TeamRole.choices)

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "équipe"
        ordering = ["role", "user__last_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"],
                name="team_member_once",
                violation_error_message="Cette personne est déjà dans l’équipe.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
