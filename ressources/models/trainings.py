"""Trainings: what one learns, with whom, how, for how long and at what price."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from annuaire.models import ActorPage
from ressources import training_rules
from ressources.kinds import TrainingMode
from ressources.training_forms import TrainingPageForm
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class TrainingPage(BasePage):
    """A training that an actor of the directory organises."""

    shown_relations = ("organiser", "partner")
    link_kinds = (LinkKind.RELATED,)

    organiser = models.ForeignKey(
        ActorPage,
        verbose_name="organisme",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="trainings",
        help_text="L’acteur de l’annuaire qui organise la formation ; elle figurera sur sa fiche.",
    )
    objectives = RichTextField("objectifs", blank=True, features=FEATURES, help_text="Ce que l’on saura faire après.")
    prerequisites = RichTextField(
        "prérequis", blank=True, features=FEATURES, help_text="Ce qu’il faut savoir avant ; vide : rien."
    )
    mode = models.CharField("modalité", max_length=20, choices=TrainingMode.choices, blank=True)
    hours = models.DecimalField(
        "durée (heures)",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.1"), "La durée est d’au moins six minutes (0,1 heure).")],
        help_text="Par exemple 3,5 pour une demi-journée.",
    )
    is_free = models.BooleanField("formation gratuite", default=False)
    price = models.DecimalField(
        "tarif (euros)",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "Un tarif n’est pas négatif.")],
        help_text="Par personne, toutes taxes comprises ; vide si la formation est gratuite.",
    )
    certification = models.CharField(
        "certification", max_length=255, blank=True, help_text="Le titre ou l’attestation que l’on obtient."
    )
    registration_url = models.URLField("lien d’inscription", blank=True)

    base_form_class = TrainingPageForm
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("organiser"),
        FieldPanel("objectives"),
        FieldPanel("prerequisites"),
        FieldRowPanel([FieldPanel("mode"), FieldPanel("hours")]),
        MultiFieldPanel([FieldRowPanel([FieldPanel("price"), FieldPanel("is_free")])], heading="Tarif"),
        FieldPanel("certification"),
        FieldPanel("registration_url"),
    ]
    classification_panels = [*BasePage.classification_panels, FieldPanel("audiences")]

    parent_page_types = ["ressources.ResourceIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("objectives"),
        index.SearchField("certification"),
        index.FilterField("mode"),
    ]

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours__isnull=True) | models.Q(hours__gt=0),
                name="training_hours_positive",
                violation_error_message="La durée est positive.",
            ),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0),
                name="training_price_not_negative",
                violation_error_message="Un tarif n’est pas négatif.",
            ),
        ]

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from training_rules.training_gaps(self)

    def get_context(self, request, *args, **kwargs):
        from ressources.training_sheet import TrainingSheet

        sheet = TrainingSheet(self)
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data
