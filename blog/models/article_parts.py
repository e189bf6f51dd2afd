"""The rows edited with an article: the pictures of a report, the persons who answer an interview."""

from typing import Self

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import model_from_serializable_data
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable

from annuaire.models import ActorPage
from territoires_en_commun.base.models import CustomImage


class GalleryPicture(Orderable):
    """A picture of a report: described, captioned and credited before it is published."""

    article = ParentalKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(CustomImage, verbose_name="photo", on_delete=models.PROTECT, related_name="+")
    alt = models.CharField(
        "texte alternatif", max_length=255, help_text="Ce que la photo apporte à qui ne la voit pas."
    )
    caption = models.CharField("légende", max_length=255)
    own_credit = models.CharField(
        "crédit", max_length=255, blank=True, help_text="Vide : celui qu’indique la médiathèque."
    )

    panels = [
        FieldPanel("image"),
        FieldPanel("alt"),
        FieldRowPanel([FieldPanel("caption"), FieldPanel("own_credit")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "photo"
        verbose_name_plural = "photos"

    def __str__(self) -> str:
        return self.caption or self.alt

    @classmethod
    def from_serializable_data(cls, data: dict, check_fks: bool = True, strict_fks: bool = False) -> Self | None:
        """The row of a version; None when its image was deleted, since old versions protect nothing.

        Without this, modelcluster raises an exception for a missing image that rows protect.
        """
        image = data.get("image")
        if check_fks and image and not CustomImage.objects.filter(pk=image).exists():
            return None
        return model_from_serializable_data(cls, data, check_fks=check_fks, strict_fks=strict_fks)

    @property
    def credit(self) -> str:
        """Who took the picture: what this article says of it, else what the library says."""
        return self.own_credit.strip() or self.image.credit.strip()


class Interviewee(Orderable):
    """Somebody who answers the questions."""

    article = ParentalKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="interviewees")
    name = models.CharField("nom", max_length=150)
    role = models.CharField("fonction", max_length=200, blank=True)
    actor = models.ForeignKey(
        ActorPage,
        verbose_name="acteur de l’annuaire",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interviews",
        help_text="L’organisme pour lequel parle cette personne : sa fiche mènera à l’entretien.",
    )

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("role")]), PageChooserPanel("actor")]

    class Meta(Orderable.Meta):
        verbose_name = "personne interrogée"
        verbose_name_plural = "personnes interrogées"

    def __str__(self) -> str:
        return self.name
