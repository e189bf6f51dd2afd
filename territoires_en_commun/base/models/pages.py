"""The base of every page."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import AbstractPage, DefaultBasePageMixin
from wagtail.models.pages import AbstractPageMeta
from wagtail.search import index

from territoires_en_commun.territories.models import Territory

from .taxonomies import Partner, Programme, Theme

MAX_THEMES = 5


class Licence(models.TextChoices):
    """Licences under which a content can be reused."""

    ETALAB_2 = "etalab-2.0", "Licence Ouverte 2.0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_NC_4 = "cc-by-nc-4.0", "CC BY-NC 4.0"
    CC_BY_ND_4 = "cc-by-nd-4.0", "CC BY-ND 4.0"
    CC_BY_NC_ND_4 = "cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"
    ALL_RIGHTS = "tous-droits", "Tous droits réservés"


class BasePage(AbstractPage, DefaultBasePageMixin):
    """What every page has. ``is_content`` types must have themes, a review date and owner to be published."""

    is_content: ClassVar[bool] = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_ref = models.CharField(
        "référence externe", max_length=255, blank=True, editable=False, help_text="Source et identifiant d'origine."
    )
    summary = models.TextField("résumé", max_length=300, blank=True)
    image = models.ForeignKey(
        "base.CustomImage", verbose_name="image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_alt = models.CharField(
        "texte alternatif de l'image", max_length=255, blank=True, help_text="Vide si l'image est décorative."
    )
    themes = ParentalManyToManyField(Theme, verbose_name="thématiques", blank=True, related_name="pages")
    programmes = ParentalManyToManyField(Programme, verbose_name="programmes", blank=True, related_name="pages")
    territories = ParentalManyToManyField(Territory, verbose_name="territoires", blank=True, related_name="pages")
    partner = models.ForeignKey(
        Partner, verbose_name="partenaire", null=True, blank=True, on_delete=models.PROTECT, related_name="pages"
    )
    licence = models.CharField("licence", max_length=20, choices=Licence.choices, default=Licence.ETALAB_2)
    review_date = models.DateField("date de revue", null=True, blank=True)
    review_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="responsable de la revue",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reviewed_pages",
    )

    exclude_fields_in_copy: ClassVar[list[str]] = ["uuid", "external_ref"]
    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        index.SearchField("summary", boost=2),
        index.FilterField("review_date"),
    ]
    promote_panels = DefaultBasePageMixin.promote_panels

    class Meta(AbstractPageMeta):
        verbose_name = "page"
        verbose_name_plural = "pages"
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~models.Q(external_ref=""),
                name="basepage_external_ref_unique",
                violation_error_message="Un contenu porte déjà cette référence externe.",
            )
        ]
