"""The addresses that published pages lead to, where they stand, and whether they answer."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Q, When

DEAD_AFTER = 3  # different days on which the address failed, without an answer in between
CHECK_AGAIN = timedelta(days=7)


class LinkState(models.TextChoices):
    """What is known of an address."""

    DEAD = "mort", "mort"
    SUSPECT = "suspect", "en échec, à confirmer"
    TO_CHECK = "a_verifier", "à vérifier"
    REFUSED = "refuse", "refusé"
    NEW = "nouveau", "pas encore vérifié"
    OK = "ok", "répond"


class LinkCheckQuerySet(models.QuerySet):
    """Which addresses to ask next."""

    def due(self, now: datetime):
        """Those to check at that time: what fails, asked once a day, then the rest, once a week.

        What fails comes first, so that three failures are of three days however many addresses are due; then the
        longest forgotten.
        """
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        failing = Q(state=LinkState.SUSPECT, checked_at__lt=midnight)
        old = Q(checked_at__lt=now - CHECK_AGAIN)
        first = Case(When(state=LinkState.SUSPECT, then=0), default=1)
        due = self.filter(Q(checked_at=None) | failing | old)
        return due.order_by(first, F("checked_at").asc(nulls_first=True), "pk")


class LinkCheck(models.Model):
    """One address, and what its last checks saw."""

    url = models.CharField("adresse", max_length=2000, unique=True)
    state = models.CharField("état", max_length=20, choices=LinkState.choices, default=LinkState.NEW, db_index=True)
    failed_days = models.PositiveSmallIntegerField("jours d’échec de suite", default=0)
    first_failed_on = models.DateField("en échec depuis", null=True)
    last_failed_on = models.DateField("dernier échec", null=True)
    checked_at = models.DateTimeField("vérifié", null=True, db_index=True)
    status = models.PositiveSmallIntegerField("dernière réponse HTTP", null=True)
    cause = models.CharField("constat", max_length=255, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "lien vérifié"
        verbose_name_plural = "liens vérifiés"
        ordering: ClassVar[list[str]] = ["url"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=LinkState.DEAD) | Q(failed_days__gte=DEAD_AFTER),
                name="link_check_dead_after_three_days",
                violation_error_message="Un lien n’est mort qu’après trois jours d’échec.",
            )
        ]

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """A page that leads to an address, and the field of the page where it is written (« pieces.url »)."""

    link = models.ForeignKey(LinkCheck, verbose_name="lien", on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey(
        "base.BasePage", verbose_name="page", on_delete=models.CASCADE, related_name="outgoing_links"
    )
    field = models.CharField("champ", max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "emploi d’un lien"
        verbose_name_plural = "emplois de liens"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "field", "link"],
                name="link_use_unique",
                violation_error_message="Cet emploi est déjà relevé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.field}) : {self.link}"
