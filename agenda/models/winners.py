"""Who won a call."""

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable

from agenda.fields import AmountField

EXPERIENCE = ("ressources", "experiencepage")  # a room that this one does not know


class CallWinner(Orderable):
    """A winner of a call: an organisation, its project, and what it tells of it once done."""

    call = ParentalKey("agenda.CallPage", on_delete=models.CASCADE, related_name="winners")
    name = models.CharField(
        "lauréat", max_length=255, help_text="Une organisation ou un groupement, jamais le nom d’une personne."
    )
    actor = models.ForeignKey(
        "annuaire.ActorPage",
        verbose_name="sa fiche dans l’annuaire",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    project = models.CharField("projet", max_length=255, blank=True)
    amount = AmountField("aide accordée", null=True, blank=True, help_text="Comme 10 000 € ou 1,5 M€.")
    experience = models.ForeignKey(
        "base.BasePage",
        verbose_name="son retour d’expérience",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("amount")]),
        FieldPanel("project"),
        FieldPanel("actor"),
        PageChooserPanel("experience"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "lauréat"
        verbose_name_plural = "lauréats"

    def __str__(self) -> str:
        return self.name

    def clean(self):
        super().clean()
        if self.experience_id and self.experience.content_type.natural_key() != EXPERIENCE:
            raise ValidationError({"experience": f"« {self.experience} » n’est pas un retour d’expérience."})
