"""What a territory tried, how it went and what it would do otherwise."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from annuaire.models import ActorPage
from ressources import experience_rules as rules
from ressources import experience_sections as sections
from ressources.experience_forms import COUNCIL, ExperiencePageForm, asks_for_council
from ressources.experience_sections import SECTIONS, Section
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind
from territoires_en_commun.territories.models import Territory

COUNCIL_TEMPLATE = "ressources/experience_council.html"
NOT_NEGATIVE = MinValueValidator(0, "Un nombre positif, ou zéro.")


class ExperienceStatus(models.TextChoices):
    """How far the project went."""

    PLANNED = "projet", "en projet"
    ONGOING = "en-cours", "en cours"
    DONE = "acheve", "achevé"
    ABANDONED = "abandonne", "abandonné"


def section_text(section: Section) -> RichTextField:
    """The text of a section."""
    return RichTextField(
        section.title.lower(),
        blank=True,
        features=["h3", "bold", "italic", "ol", "ul", "link"],
        help_text=section.help_text,
    )


def section_box(section: Section) -> models.BooleanField:
    """The explicit choice to tell nothing yet."""
    return models.BooleanField(f"{section.title.lower()} : pas encore connu", default=False)


def section_panel(section: Section) -> MultiFieldPanel:
    """A section and its box, side by side in the editor."""
    return MultiFieldPanel([FieldPanel(section.name), FieldPanel(section.box)], heading=section.title)


class ExperiencePage(BasePage):
    """An experience of a territory (« retour d'expérience »): nothing in it is empty without saying so."""

    has_own_territory_block = True
    shown_relations = ("place", "holder", "contact")
    link_kinds = (LinkKind.USES, LinkKind.INSPIRED, LinkKind.ACTOR, LinkKind.ANSWERS, LinkKind.RELATED)

    holder = models.ForeignKey(
        ActorPage,
        verbose_name="porteur",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="experiences",
        help_text="L’acteur de l’annuaire qui a mené l’expérience.",
    )
    place = models.ForeignKey(
        Territory,
        verbose_name="territoire de l’expérience",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="experiences",
        help_text="Là où elle a eu lieu ; il s’ajoute aux territoires de la page.",
    )
    project_status = models.CharField("état du projet", max_length=10, choices=ExperienceStatus.choices, blank=True)
    started_on = models.DateField("début", null=True, blank=True)
    ended_on = models.DateField("fin", null=True, blank=True, help_text="Vide si l’expérience continue.")

    context = section_text(sections.CONTEXT)
    context_unknown = section_box(sections.CONTEXT)
    problem = section_text(sections.PROBLEM)
    problem_unknown = section_box(sections.PROBLEM)
    approach = section_text(sections.APPROACH)
    approach_unknown = section_box(sections.APPROACH)
    results = section_text(sections.RESULTS)
    results_unknown = section_box(sections.RESULTS)
    difficulties = section_text(sections.DIFFICULTIES)
    difficulties_unknown = section_box(sections.DIFFICULTIES)
    to_redo = section_text(sections.TO_REDO)
    to_redo_unknown = section_box(sections.TO_REDO)

    cost = models.DecimalField(
        "coût",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
        help_text="En euros toutes taxes comprises, toutes dépenses comptées ; 0 si l’expérience n’a rien coûté.",
    )
    cost_unknown = models.BooleanField("coût pas encore connu", default=False)
    fte = models.DecimalField(
        "temps passé",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
        help_text="En équivalents temps plein (ETP) sur un an : 0,5 pour une personne à mi-temps.",
    )
    fte_unknown = models.BooleanField("temps passé pas encore connu", default=False)

    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte du contact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="experiences",
        help_text="L’adresse du compte qui reçoit les messages des lecteurs ; elle n’est jamais montrée.",
    )
    contact_email = models.EmailField(
        "adresse du contact",
        blank=True,
        help_text="Pour une personne sans compte : les messages lui sont transmis, son adresse n’est jamais montrée.",
    )

    base_form_class = ExperiencePageForm
    content_panels = [
        *BasePage.content_panels,
        PageChooserPanel("holder"),
        FieldPanel("place"),
        FieldPanel("project_status"),
        FieldRowPanel([FieldPanel("started_on"), FieldPanel("ended_on")], heading="Période"),
        *map(section_panel, SECTIONS),
        InlinePanel("steps", heading="Étapes", label="Étape", max_num=30),
        InlinePanel("indicators", heading="Indicateurs", label="Indicateur", max_num=20),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("cost"), FieldPanel("cost_unknown")]),
                FieldRowPanel([FieldPanel("fte"), FieldPanel("fte_unknown")]),
            ],
            heading="Coût et temps passé",
        ),
        MultiFieldPanel([FieldPanel("contact"), FieldPanel("contact_email")], heading="Contact pour les lecteurs"),
    ]
    classification_panels = [*BasePage.classification_panels, FieldPanel("audiences")]

    parent_page_types = ["ressources.ExperienceIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(section.name) for section in SECTIONS),
        index.RelatedFields("place", [index.SearchField("name")]),
        index.RelatedFields("steps", [index.SearchField("title"), index.SearchField("text")]),
        index.FilterField("project_status"),
    ]

    class Meta:
        verbose_name = "retour d’expérience"
        verbose_name_plural = "retours d’expérience"
        constraints = [
            *(
                models.CheckConstraint(
                    condition=models.Q(**{section.box: False}) | models.Q(**{section.name: ""}),
                    name=f"experience_{section.name}_or_unknown",
                    violation_error_message=rules.SECTION_BOTH.format(title=section.title),
                )
                for section in SECTIONS
            ),
            models.CheckConstraint(
                condition=models.Q(cost_unknown=False) | models.Q(cost__isnull=True),
                name="experience_cost_or_unknown",
                violation_error_message=rules.COST_BOTH,
            ),
            models.CheckConstraint(
                condition=models.Q(fte_unknown=False) | models.Q(fte__isnull=True),
                name="experience_fte_or_unknown",
                violation_error_message=rules.FTE_BOTH,
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0),
                name="experience_cost_not_negative",
                violation_error_message="Le coût est positif, ou nul.",
            ),
            models.CheckConstraint(
                condition=models.Q(fte__isnull=True) | models.Q(fte__gte=0),
                name="experience_fte_not_negative",
                violation_error_message="Le temps passé est positif, ou nul.",
            ),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="experience_ends_after_start",
                violation_error_message=rules.END_BEFORE_START,
            ),
        ]

    def clean(self):
        super().clean()
        rules.tidy(self)
        if errors := rules.experience_errors(self):
            raise ValidationError(errors)

    def save(self, *args, **kwargs):
        """As ``BasePage``'s; the territories of the page hold the place, and no more the one that it replaced."""
        self._follow_place()
        super().save(*args, **kwargs)

    def _follow_place(self) -> None:
        before = ExperiencePage.objects.filter(pk=self.pk).values_list("place", flat=True).first()
        others = [place for place in self.territories.all() if place.pk not in {before, self.place_id}]
        self.territories = [self.place, *others] if self.place else others

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from rules.experience_gaps(self)

    def remarks(self):
        yield from super().remarks()
        yield from rules.experience_remarks(self)

    @property
    def is_over(self) -> bool:
        """Whether the project is finished or given up."""
        return self.project_status in {ExperienceStatus.DONE, ExperienceStatus.ABANDONED}

    @property
    def is_planned(self) -> bool:
        """Whether the project has not begun."""
        return self.project_status == ExperienceStatus.PLANNED

    @property
    def relay_address(self) -> str:
        """Where the messages of readers are sent, empty when nobody receives them; never shown to anyone."""
        if self.contact and self.contact.is_active:
            return self.contact.email
        return self.contact_email

    def get_template(self, request, *args, **kwargs):
        """The page, or with ``?vue=conseil`` what fits on one sheet for a municipal council."""
        return COUNCIL_TEMPLATE if asks_for_council(request.GET) else super().get_template(request, *args, **kwargs)

    @property
    def preview_modes(self):
        return [*super().preview_modes, (COUNCIL, "Fiche pour le conseil municipal")]

    def get_preview_template(self, request, mode_name):
        return COUNCIL_TEMPLATE if mode_name == COUNCIL else super().get_preview_template(request, mode_name)

    def get_context(self, request, *args, **kwargs):
        from ressources.experience_sheet import ExperienceSheet

        sheet = ExperienceSheet(self)
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data
