"""Who signs articles: a governed list, so that a name is written once and its doubles can be merged."""

from django.db import models
from django.db.models.functions import Lower
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from territoires_en_commun.base.models import Term


class Author(Term):
    """A person, or a newsroom, who signs articles."""

    role = models.CharField("fonction", max_length=160, blank=True, help_text="« Chargée de mission, Cerema ».")
    created_at = models.DateTimeField("ajouté le", auto_now_add=True)

    class Meta(Term.Meta):
        verbose_name = "auteur"
        verbose_name_plural = "auteurs"
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(replaced_by__isnull=True),
                name="author_name_unique",
                violation_error_message="Un auteur porte déjà ce nom.",
            ),
        ]


class Signature(Orderable):
    """An author of an article, in the order of the signatures."""

    article = ParentalKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="signatures")
    author = models.ForeignKey(Author, verbose_name="auteur", on_delete=models.PROTECT, related_name="signatures")

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        verbose_name = "signature"
        verbose_name_plural = "auteurs"  # what editors call them
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="signature_unique",
                violation_error_message="Cet auteur signe déjà l’article.",
            )
        ]

    def __str__(self) -> str:
        return str(self.author)
