"""One article of the blog."""

import datetime as dt

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultipleChooserPanel
from wagtail.search import index

from blog import rules
from blog.blocks import QuestionBlock
from blog.forms import ArticlePageForm
from blog.kinds import ArticleKind
from territoires_en_commun.base.blocks import ContentBlock
from territoires_en_commun.base.fields import SlimStreamField
from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, LinkKind
from territoires_en_commun.base.pictures import prepare_pictures
from territoires_en_commun.base.registry import SearchTraits

NOON = dt.time(12)
OLD_YEARS = 2


class ArticlePage(BasePage):
    """News of a partner, a report, an interview or a focus; its summary is its chapô."""

    shown_relations = ("partner__logo", "image")
    link_kinds = (LinkKind.RELATED, LinkKind.ACTOR, LinkKind.ANSWERS)

    kind = models.CharField("type d’article", max_length=20, choices=ArticleKind.choices)
    published_on = models.DateField(
        "date affichée", null=True, blank=True, help_text="Vide : le jour de la première mise en ligne."
    )
    is_timeless = models.BooleanField(
        "toujours d’actualité",
        default=False,
        help_text="N’avertit pas les lecteurs quand l’article a plus de deux ans.",
    )
    body = SlimStreamField(ContentBlock(), verbose_name="contenu", blank=True)
    questions = SlimStreamField([("question", QuestionBlock())], verbose_name="questions et réponses", blank=True)

    exclude_fields_in_copy = [*BasePage.exclude_fields_in_copy, "published_on"]

    base_form_class = ArticlePageForm
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("published_on")], heading="Nature et date"),
        MultipleChooserPanel("signatures", chooser_field_name="author", heading="Auteurs", label="Auteur", max_num=10),
        FieldPanel("body"),
        InlinePanel(
            "interviewees",
            heading="Personnes interrogées",
            label="Personne",
            max_num=10,
            help_text="Pour un entretien seulement.",
        ),
        FieldPanel(
            "questions", help_text="Pour un entretien seulement ; le contenu, au-dessus, sert alors d’introduction."
        ),
        MultipleChooserPanel(
            "pictures",
            chooser_field_name="image",
            heading="Galerie",
            label="Photo",
            max_num=30,
            help_text="Pour un reportage seulement.",
        ),
    ]
    review_panels = [*BasePage.review_panels, FieldPanel("is_timeless")]

    parent_page_types = ["blog.ArticleIndexPage", "blog.PartnerSectionPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("questions"),
        index.FilterField("kind"),
        index.FilterField("published_on"),
    ]

    class Meta:
        verbose_name = "article"
        verbose_name_plural = "articles"

    def clean(self):
        super().clean()
        self._belong_to_section()

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is None:
            self._belong_to_section()
            if self.live and self.published_on is None:
                self.published_on = timezone.localdate(self.first_published_at, timezone.get_default_timezone())
        super().save(*args, **kwargs)

    def _belong_to_section(self) -> None:
        """An article of the section of a partner is that partner's, whoever was chosen."""
        parents = BasePage.objects.filter(path=self.path[: -self.steplen]) if self.path else BasePage.objects.none()
        if partner := parents.values_list("partner_id", flat=True).first():
            self.partner_id = partner

    def content_gaps(self, approved_go_live_at=None):
        yield from super().content_gaps(approved_go_live_at)
        yield from rules.article_gaps(self, approved_go_live_at)

    def search_traits(self):
        return SearchTraits(dated_on=None if self.is_timeless else self.published_on)

    @property
    def published_at(self) -> dt.datetime:
        """The date shown, as a moment: that of the first publication, else noon, which is the same day everywhere."""
        first = self.first_published_at
        if first and self.published_on in (None, timezone.localdate(first)):
            return timezone.localtime(first)
        day = self.published_on or timezone.localdate()
        return dt.datetime.combine(day, NOON, timezone.get_default_timezone())

    def is_old(self, today: dt.date) -> bool:
        """Whether readers must be told that the article is more than two years old."""
        day = timezone.localdate(self.published_at)
        years = today.year - day.year - ((today.month, today.day) <= (day.month, day.day))
        return not self.is_timeless and years >= OLD_YEARS

    def get_context(self, request, *args, **kwargs):
        from blog.sheet import ArticleSheet

        sheet = ArticleSheet(self, request)
        prepare_pictures(**sheet.shown_pictures)
        data = {"sheet": sheet, "structured_data": json_ld(sheet.structured_data)}
        return super().get_context(request, *args, **kwargs) | data
