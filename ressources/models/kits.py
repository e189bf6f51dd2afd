"""Kits, tools, guides, methods, templates and games: ordered pieces to use as they are, or to adapt."""

from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from ressources import kit_rules
from ressources.blocks import PieceBlock
from ressources.kinds import Cost, KitKind, Level, SetUpTime
from ressources.kit_forms import KitPageForm
from ressources.panels import OriginalPanel
from territoires_en_commun.base.fields import SlimStreamField
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind


class KitPage(BasePage):
    """A resource made of pieces. Its ``version`` and its changes are those of its contents, told to readers."""

    shown_relations = ("image", "partner", "derived_from")
    link_kinds = (LinkKind.RELATED, LinkKind.ACTOR)

    kind = models.CharField("nature", max_length=20, choices=KitKind.choices, blank=True)
    pieces = SlimStreamField(PieceBlock(), verbose_name="pièces", blank=True)
    set_up_time = models.CharField("durée de mise en œuvre", max_length=20, choices=SetUpTime.choices, blank=True)
    level = models.CharField("niveau", max_length=20, choices=Level.choices, blank=True)
    cost = models.CharField(
        "coût", max_length=20, choices=Cost.choices, blank=True, help_text="Hors temps passé par les équipes."
    )
    version = models.CharField("version", max_length=20, blank=True, help_text="Par exemple « 1.0 » ou « mars 2026 ».")
    derived_from = models.ForeignKey(
        "self",
        verbose_name="adapté de",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="adaptations",
        help_text="Rempli par « Adapter ce kit ».",
    )
    credit = models.CharField(
        "crédit",
        max_length=500,
        blank=True,
        help_text="L’œuvre d’origine, ses auteurs, sa version et sa licence : le crédit reste si elle disparaît.",
    )

    base_form_class = KitPageForm
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("version")]),
        FieldRowPanel([FieldPanel("set_up_time"), FieldPanel("level"), FieldPanel("cost")]),
        FieldPanel("pieces"),
        InlinePanel("changes", heading="Historique des versions", label="Version", max_num=50),
        MultiFieldPanel([OriginalPanel("derived_from"), FieldPanel("credit")], heading="Adaptation"),
    ]
    classification_panels = [*BasePage.classification_panels, FieldPanel("audiences")]

    parent_page_types = ["ressources.ResourceIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("pieces"), index.FilterField("kind")]

    class Meta:
        verbose_name = "kit ou outil"
        verbose_name_plural = "kits et outils"

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from kit_rules.kit_gaps(self)

    def get_context(self, request, *args, **kwargs):
        from ressources.kit_sheet import KitSheet

        sheet = KitSheet(self, is_preview=getattr(request, "is_preview", False))
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data


class KitChange(models.Model):
    """What changed in a version of a kit."""

    kit = ParentalKey(KitPage, on_delete=models.CASCADE, related_name="changes")
    date = models.DateField("date", default=timezone.localdate)
    version = models.CharField("version", max_length=20)
    text = models.TextField("ce qui change", max_length=1000)

    panels = [FieldRowPanel([FieldPanel("date"), FieldPanel("version")]), FieldPanel("text")]

    class Meta:
        verbose_name = "version d’un kit"
        verbose_name_plural = "versions des kits"
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"Version {self.version} du {self.date:%d/%m/%Y}"
