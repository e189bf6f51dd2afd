"""The space of a partner: where its contributors write, with what rights."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from wagtail.models import Collection

from territoires_en_commun.base.models import Partner

from .indexes import PartnerSectionPage


class PartnerSpaceQuerySet(models.QuerySet):
    """Reads of the spaces."""

    def open(self):
        """Those whose members can write."""
        return self.filter(state=PartnerSpace.State.OPEN)


class PartnerSpace(models.Model):
    """A group of people who write in a section of the blog, with images and documents of their own.

    The four are tied by keys, never by their names: each can be renamed. Closing a space takes the rights of the group
    away and keeps the rest; moved by ``blog.services`` only.
    """

    class State(models.TextChoices):
        OPEN = "open", "ouvert"
        CLOSED = "closed", "fermé"

    partner = models.OneToOneField(Partner, verbose_name="partenaire", on_delete=models.PROTECT, related_name="space")
    group = models.OneToOneField(Group, verbose_name="groupe", on_delete=models.PROTECT, related_name="partner_space")
    section = models.OneToOneField(
        PartnerSectionPage, verbose_name="rubrique", on_delete=models.PROTECT, related_name="space"
    )
    collection = models.OneToOneField(
        Collection, verbose_name="collection", on_delete=models.PROTECT, related_name="partner_space"
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)

    objects = PartnerSpaceQuerySet.as_manager()

    class Meta:
        verbose_name = "espace de partenaire"
        verbose_name_plural = "espaces de partenaires"
        ordering = ["partner__name"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="partner_space_closed_has_date",
                violation_error_message="La date de fermeture accompagne l’état « fermé », et lui seul.",
            )
        ]

    def __str__(self) -> str:
        return str(self.partner)

    @property
    def is_open(self) -> bool:
        """Whether its members can write."""
        return self.state == self.State.OPEN
