"""The home page, plain pages and the pages that the law asks for."""

from django.core.cache import cache
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models.pages import AbstractPageMeta
from wagtail.search import index

from territoires_en_commun.base.blocks import ContentBlock
from territoires_en_commun.base.fields import SlimStreamField
from territoires_en_commun.base.headings import parts_of
from territoires_en_commun.base.models import BasePage, Programme, ProgrammeTerritory, Theme
from territoires_en_commun.base.pictures import prepare_pictures
from territoires_en_commun.territories.forms import CandidatesForm
from territoires_en_commun.territories.models import Territory, TerritoryType

from .legal import LegalKind, legal_context
from .review import ReviewTask  # noqa: F401 - a model

FIGURES_CACHE_SECONDS = 3600
PROGRAMMES_CACHE = "home.programmes"
MAX_HOME_THEMES = 12
THEME_SEARCH = "/recherche/?thematique="


class PlainPage(BasePage):
    """What the pages of this room share: a body of blocks, and none of the rules of content types."""

    is_content = False

    body = SlimStreamField(ContentBlock(), verbose_name="contenu", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta(AbstractPageMeta):
        abstract = True

    @property
    def parts(self) -> list[dict[str, str]]:
        """The parts of the page, for its table of contents."""
        return parts_of(self.body)


class HomePage(PlainPage):
    """The first page: what the platform is for, and a field where one types one’s commune."""

    headline = models.CharField(
        "accroche",
        max_length=120,
        default="Votre commune n’est pas seule",
        help_text="La grande phrase du haut de la page ; le résumé s’affiche dessous.",
    )
    featured_themes = ParentalManyToManyField(
        Theme,
        verbose_name="thématiques à la une",
        blank=True,
        related_name="+",
        help_text="Aucune : toutes les thématiques de premier niveau.",
    )

    content_panels = [
        FieldPanel("title"),
        FieldPanel("headline"),
        FieldPanel("summary"),
        FieldPanel("featured_themes"),
        FieldPanel("body"),
    ]
    parent_page_types = ["base.BasePage"]
    max_count = 1

    class Meta:
        verbose_name = "page d’accueil"
        verbose_name_plural = "pages d’accueil"

    def sections(self):
        """The sections that visitors can enter, in the order of the menu."""
        found = list(BasePage.objects.child_of(self).live_public().in_menu().select_related("image"))
        prepare_pictures(card=[section.image for section in found])
        return found

    def shown_themes(self) -> list[dict[str, str]]:
        """The themes chosen by editors, or those of the first level, with the search that each opens."""
        chosen = [theme for theme in self.featured_themes.all() if theme.is_active]
        themes = chosen or Theme.objects.active().filter(parent=None)[:MAX_HOME_THEMES]
        return [{"label": theme.name, "url": f"{THEME_SEARCH}{theme.slug}"} for theme in themes]

    def get_context(self, request, *args, **kwargs):
        from territoires_en_commun.home.highlights import cached_highlights

        return super().get_context(request, *args, **kwargs) | {
            "territory_form": territory_form(),
            "sections": self.sections(),
            "themes": self.shown_themes(),
            "programmes": cached_programmes(),
            "figures": cached_figures(),
            "highlights": cached_highlights(),
        }


class StandardPage(PlainPage):
    """A page of text; it lists the pages below it."""

    lists_children = True
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = "page de texte"
        verbose_name_plural = "pages de texte"

    def get_context(self, request, *args, **kwargs):
        children = list(BasePage.objects.child_of(self).live().public().select_related("image"))
        prepare_pictures(content=[self.image], card=[child.image for child in children])
        return super().get_context(request, *args, **kwargs) | {"children": children}


class LegalPage(PlainPage):
    """A mandated page: facts that stay true come from the settings, the rest is the editors' text.

    Created by ``init_site``, one of each kind; its address is fixed because every footer leads there.
    """

    is_in_frame = True
    kind = models.CharField("nature", max_length=30, choices=LegalKind.choices, editable=False)

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    is_creatable = False

    class Meta:
        verbose_name = "page légale"
        verbose_name_plural = "pages légales"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                name="legal_page_kind_unique",
                violation_error_message="Une page de cette nature existe déjà.",
            )
        ]

    def full_clean(self, *args, **kwargs):
        # Every footer leads to this address: a changed slug is put back rather than refused.
        self.slug = self.kind
        super().full_clean(*args, **kwargs)

    @property
    def facts_template(self) -> str:
        """The part of the page that the editors don’t write."""
        return f"home/legal/{self.kind}.html"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | legal_context(self)


def territory_form() -> CandidatesForm:
    """The field where one types one's commune."""
    form = CandidatesForm(auto_id="home-%s")
    form.fields["q"].label = "Quelle est votre commune\u00a0?"
    return form


def cached_programmes() -> SafeString:
    """The programmes of the State and how far each reaches, ready to show; they change once a year."""
    return cache.get_or_set(PROGRAMMES_CACHE, render_programmes, FIGURES_CACHE_SECONDS)


def render_programmes() -> SafeString:
    """The list of programmes, empty when there is none."""
    programmes = describe_programmes()
    return render_to_string("home/programmes.html", {"programmes": programmes}) if programmes else SafeString("")


def forget_programmes(**_signal) -> None:
    """Show at once what an editor changed in a programme; a receiver of its signals."""
    cache.delete(PROGRAMMES_CACHE)


def describe_programmes() -> list[dict[str, str]]:
    """Programmes in force, with the number of territories that each covers, in words."""
    reach = models.Count("coverages__territory", distinct=True)
    names = ("name", "description", "official_site", "reach")
    programmes = Programme.objects.active().annotate(reach=reach).values(*names)
    return [{"territories": count_territories(programme.pop("reach")), **programme} for programme in programmes]


def count_territories(count: int) -> str:
    """« 1 645 territoires accompagnés »; empty for none."""
    plural = "s" if count > 1 else ""
    return f"{french_number(count)} territoire{plural} accompagné{plural}" if count else ""


def cached_figures() -> list[dict[str, str]]:
    """What the platform knows, in figures; they change once a year."""
    return cache.get_or_set("home.figures", count_figures, FIGURES_CACHE_SECONDS)


def count_figures() -> list[dict[str, str]]:
    """Communes and intercommunalités in force, and what the State's programmes cover; what is empty is left out."""
    active = Territory.objects.active().filter(type__in=[TerritoryType.COMMUNE, TerritoryType.EPCI])
    by_type = dict(active.order_by().values_list("type").annotate(models.Count("pk")))
    counts = [
        (by_type.get(TerritoryType.COMMUNE, 0), "communes"),
        (by_type.get(TerritoryType.EPCI, 0), "intercommunalités"),
        (ProgrammeTerritory.objects.count(), "accompagnements par un programme de l’État"),
    ]
    return [{"count": french_number(count), "label": label} for count, label in counts if count]


def french_number(number: int) -> str:
    """A whole number with the thin no-break spaces of French, as in « 34 969 »."""
    return f"{number:,}".replace(",", "\u202f")
