"""Results that editors put first for some queries, until a day."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from search.expressions import check_different, check_each, lines_of
from territoires_en_commun.base.models import mark_change
from territoires_en_commun.base.models.visibility import private_paths

LONGEST = dt.timedelta(days=366)


class PinnedResult(models.Model):
    """A page shown first when what is typed is one of its queries, until it expires."""

    queries = models.TextField(
        "requêtes",
        max_length=2000,
        help_text="Une requête par ligne. Elle doit être tapée en entier ; accents, majuscules, pluriels, mots vides "
        "et ordre des mots ne comptent pas.",
    )
    page = models.ForeignKey(
        "base.BasePage", verbose_name="page", on_delete=models.CASCADE, related_name="pinned_results"
    )
    order = models.PositiveSmallIntegerField(
        "ordre", default=1, help_text="Quand plusieurs pages sont épinglées pour la même requête : 1 est la première."
    )
    expires_on = models.DateField(
        "expire le", help_text="Dernier jour où la page est mise en avant : dans un an au plus tard."
    )
    note = models.CharField("note", max_length=255, blank=True, help_text="Pour les rédacteurs : pourquoi.")

    class Meta:
        verbose_name = "résultat épinglé"
        verbose_name_plural = "résultats épinglés"
        ordering = ["-expires_on", "pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.texts)} : {self.page}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        mark_change()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        mark_change()
        return deleted

    @property
    def texts(self) -> list[str]:
        """The queries."""
        return lines_of(self.queries)

    def clean(self) -> None:
        """Raise ValidationError for queries that nobody could type, and for a new day that is past or too far."""
        self.queries = "\n".join(self.texts)
        errors: dict[str, Any] = {}
        try:
            check_each(self.texts)
            check_different(self.texts)
        except ValidationError as error:
            errors["queries"] = error
        if message := self._wrong_day():
            errors["expires_on"] = message
        if errors:
            raise ValidationError(errors)

    def _wrong_day(self) -> str:
        """What is wrong with the day, when it is a new one."""
        if self.expires_on is None or self._is_day_kept():
            return ""
        today = timezone.localdate()
        if self.expires_on <= today:
            return "Choisissez un jour à venir."
        if self.expires_on > today + LONGEST:
            return "Choisissez un jour dans un an au plus : rien n’est épinglé pour toujours."
        return ""

    def _is_day_kept(self) -> bool:
        """Whether the row had this day already."""
        return bool(self.pk) and PinnedResult.objects.filter(pk=self.pk, expires_on=self.expires_on).exists()

    @property
    def is_expired(self) -> bool:
        """Whether its last day is past."""
        return self.expires_on < timezone.localdate()

    @property
    def state_label(self) -> str:
        """What visitors see of it."""
        if self.is_expired:
            return "Expiré"
        if not self.page.live:
            return "Page non publiée"
        return "Page réservée" if self.page.path.startswith(private_paths()) else "Affiché"
