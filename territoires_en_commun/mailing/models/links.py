"""Memory of the single-use links that have served."""

from django.db import models


class UsedLink(models.Model):
    """A single-use link that was followed; kept until the link would have expired anyway."""

    purpose = models.CharField("usage", max_length=50)
    token_id = models.CharField("identifiant du jeton", max_length=32)
    used_at = models.DateTimeField("utilisé")
    expires_at = models.DateTimeField("expire", db_index=True)

    class Meta:
        verbose_name = "lien utilisé"
        verbose_name_plural = "liens utilisés"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "token_id"],
                name="used_link_once",
                violation_error_message="Ce lien a déjà été utilisé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.used_at:%d/%m/%Y %H:%M})"
