"""The dated steps and the sourced figures of an experience."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class ExperienceStep(Orderable):
    """A step, on a day or in a month."""

    experience = ParentalKey("ressources.ExperiencePage", on_delete=models.CASCADE, related_name="steps")
    date = models.DateField("date", null=True)
    month_only = models.BooleanField(
        "le mois seulement",
        default=False,
        help_text="Le jour n’est pas connu, ou n’importe pas : il n’est pas montré.",
    )
    title = models.CharField("titre", max_length=150)
    text = models.TextField("texte", blank=True, max_length=1000)

    panels = [FieldRowPanel([FieldPanel("date"), FieldPanel("month_only")]), FieldPanel("title"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = "étape"
        verbose_name_plural = "étapes"

    def __str__(self) -> str:
        return self.title


class ExperienceIndicator(Orderable):
    """A figure; without its source, readers and editors are told that it has none."""

    experience = ParentalKey("ressources.ExperiencePage", on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField("libellé", max_length=150, help_text="Ce que l’on mesure : « habitants aux ateliers ».")
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2, null=True)
    unit = models.CharField("unité", max_length=40, help_text="« personnes », « % », « kWh par an ».")
    date = models.DateField("mesuré le", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True, help_text="Qui a mesuré, ou dans quel document.")
    source_url = models.URLField("adresse de la source", blank=True)

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("value"), FieldPanel("unit"), FieldPanel("date")]),
        FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"

    def __str__(self) -> str:
        return self.label

    @property
    def is_sourced(self) -> bool:
        """Whether the figure says where it comes from; an address alone does."""
        return bool(self.source or self.source_url)
