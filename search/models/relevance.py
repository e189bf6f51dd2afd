"""What editors expect of the search: for a query, a page among the first."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

LARGEST_RANK = 50


class RelevanceCase(models.Model):
    """A query, the page that it must find and its highest rank; ``rank`` is empty when the page was not found."""

    query = models.CharField(
        "requête", max_length=200, help_text="Comme les gens la tapent, avec ses fautes s’il le faut."
    )
    page = models.ForeignKey(
        "base.BasePage", verbose_name="page attendue", on_delete=models.CASCADE, related_name="relevance_cases"
    )
    max_rank = models.PositiveSmallIntegerField(
        "rang maximum",
        default=3,
        validators=[
            MinValueValidator(1, "Le rang va de 1 à 50."),
            MaxValueValidator(LARGEST_RANK, "Le rang va de 1 à 50."),
        ],
        help_text="De 1 à 50 : la page doit être à ce rang ou avant.",
    )
    note = models.CharField("note", max_length=255, blank=True, help_text="Pour les rédacteurs : pourquoi.")
    rank = models.PositiveIntegerField("rang constaté", null=True, editable=False)
    checked_at = models.DateTimeField("vérifié", null=True, editable=False)

    class Meta:
        verbose_name = "cas de pertinence"
        verbose_name_plural = "cas de pertinence"
        ordering = ["query", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["query", "page"],
                name="relevance_case_once",
                violation_error_message="Cette requête est déjà vérifiée pour cette page.",
            ),
            models.CheckConstraint(
                condition=models.Q(max_rank__gte=1, max_rank__lte=LARGEST_RANK),
                name="relevance_max_rank",
                violation_error_message="Le rang va de 1 à 50.",
            ),
        ]

    def __str__(self) -> str:
        return f"«\u00a0{self.query}\u00a0» → {self.page}"

    def clean(self) -> None:
        """Raise ValidationError for a query without a word."""
        self.query = " ".join(self.query.split())
        if self.query and not any(char.isalnum() for char in self.query):
            raise ValidationError({"query": "Écrivez un mot au moins."})

    @property
    def state_label(self) -> str:
        """What the last check found."""
        if self.checked_at is None:
            return "Jamais vérifié"
        if self.rank is None:
            return "Perdu : page non trouvée"
        return f"{'Tenu' if self.rank <= self.max_rank else 'Perdu'} : rang {self.rank}"
