"""What the page of an experience says, ready for its templates and for search engines."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify
from wagtail.rich_text import get_text_for_indexing

from ressources.experience_figures import cost_label, duration_label, measure, month, period_label, time_label
from ressources.experience_sections import APPROACH, DIFFICULTIES, PROBLEM, RESULTS, SECTIONS, TO_REDO, Section
from ressources.experience_tree import EMPTY, Tree, spread_of
from ressources.models import ExperienceIndicator, ExperiencePage, ExperienceStep
from ressources.population_bands import band_label_of, inhabitants
from territoires_en_commun.base.addresses import Place, place_of
from territoires_en_commun.base.formats import full_date
from territoires_en_commun.base.links import LinkGroup, is_readable
from territoires_en_commun.base.listing.snapshot import kept_for_page
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.models.links import TITLES
from territoires_en_commun.base.models.visibility import private_paths
from territoires_en_commun.base.sheets import PageSheet
from territoires_en_commun.base.site_info import Link
from territoires_en_commun.territories.models import TerritoryType

NO_SOURCE = "source non indiquée"
SUMMARY_LENGTH = 300  # characters
# What fits on the page of a municipal council, whatever was written: a question, the section that answers it, and
# how many characters of it.
COUNCIL_PARTS = (
    ("Le problème", PROBLEM, 400),
    ("Ce qui a été fait", APPROACH, 550),
    ("Ce que cela a donné", RESULTS, 450),
    ("Les risques", DIFFICULTIES, 450),
    ("Ce que le porteur referait autrement", TO_REDO, 400),
)
COUNCIL_INDICATORS = 3


@dataclass(frozen=True)
class ShownSection:
    """A section: its rich text, empty when it is not known yet."""

    anchor: str
    title: str
    html: str


@dataclass(frozen=True)
class ShownStep:
    """A step: its day or month in words and for machines."""

    date: str
    machine_date: str
    title: str
    text: str


@dataclass(frozen=True)
class ShownIndicator:
    """A figure with its unit, when it was measured, and by whom."""

    label: str
    value: str
    date: str
    source: str
    source_url: str
    is_sourced: bool


class ExperienceSheet(PageSheet):
    """The data of one page; each property queries once."""

    page: ExperiencePage

    # In short

    @property
    def status_label(self) -> str:
        """« Achevé »."""
        return capfirst(self.page.get_project_status_display())

    @property
    def place(self) -> Place | None:
        """Where it was lived."""
        return place_of(self.page.place) if self.page.place else None

    @property
    def place_precision(self) -> str:
        """« Creuse (23) »."""
        return self.page.place.precision if self.page.place else ""

    @property
    def population(self) -> str:
        """« 1 234 habitants (strate de 500 à 2 000 habitants) »."""
        if self.page.place is None:
            return ""
        count, band = inhabitants(self.page.place.population), band_label_of(self.page.place)
        return f"{count} (strate\u00a0: {band})" if band else count

    @cached_property
    def holder(self) -> Link | None:
        """The actor who led it, when visitors may see its fiche."""
        if self.page.holder_id is None:
            return None
        found = self.page.holder
        return Link(found.name, found.get_url()) if is_readable(found, private_paths()) else None

    @property
    def period(self) -> str:
        """« De mars 2024 à juin 2025 (16 mois) »."""
        period, duration = period_label(self.page), duration_label(self.page)
        return capfirst(f"{period} ({duration})" if duration else period)

    @property
    def cost(self) -> str:
        """« 12 500 € », « Coût pas encore connu »."""
        return capfirst(cost_label(self.page))

    @property
    def time(self) -> str:
        """« 0,5 ETP », « Temps passé pas encore connu »."""
        return capfirst(time_label(self.page))

    @property
    def problem(self) -> str:
        """The problem in a few lines."""
        return self.plain(PROBLEM, SUMMARY_LENGTH)

    def plain(self, section: Section, length: int) -> str:
        """The beginning of a section as plain text, cut between two words; empty when it is not known yet."""
        text = " ".join(get_text_for_indexing(getattr(self.page, section.name)).split())
        if len(text) <= length:
            return text
        return f"{text[:length].rsplit(' ', 1)[0].rstrip(' ,;:.')}\u00a0…"

    # In full

    @property
    def sections(self) -> list[ShownSection]:
        """Every section, those that are not known yet too."""
        return [
            ShownSection(slugify(section.title), section.title, getattr(self.page, section.name))
            for section in SECTIONS
        ]

    @property
    def steps(self) -> list[ShownStep]:
        """The steps from the first to the last."""
        steps = sorted(self.page.steps.all(), key=lambda step: step.date or date.max)
        return [ShownStep(step_date(step), machine_date(step), step.title, step.text) for step in steps]

    @cached_property
    def indicators(self) -> list[ShownIndicator]:
        """The figures, in the order of the author."""
        return [shown_indicator(indicator) for indicator in self.page.indicators.all()]

    # Around

    @property
    def other_groups(self) -> list[LinkGroup]:
        """The pages linked both ways, but for the experiences that the tree of spread shows."""
        return [group for group in self.linked if group.title not in TITLES[LinkKind.INSPIRED]]

    @cached_property
    def spread(self) -> tuple[Tree, Tree]:
        """What inspired it, and what it inspired."""
        is_in_a_tree = len(self.other_groups) < len(self.linked)
        if not is_in_a_tree:
            return EMPTY, EMPTY
        return kept_for_page("spread", self.page.pk, lambda: spread_of(self.page, private_paths()))

    @property
    def inspirations(self) -> Tree:
        """What inspired it."""
        return self.spread[0]

    @property
    def followers(self) -> Tree:
        """What it inspired."""
        return self.spread[1]

    @property
    def alike_url(self) -> str:
        """The experiences of communes like the one of this experience."""
        place = self.page.place
        if place is None or place.type != TerritoryType.COMMUNE:
            return ""
        return f"{self.index_url}?{urlencode({'comme': place.key})}"

    @property
    def compare_url(self) -> str:
        """Where other experiences are chosen, to be put beside this one."""
        return f"{reverse('compare_experiences')}?{urlencode({'id': self.page.pk})}" if self.page.pk else ""

    @cached_property
    def contact_url(self) -> str:
        """Where to write to who lived it, when somebody receives the messages."""
        has_relay = self.page.pk and self.page.relay_address
        return reverse("experience_contact", args=[self.page.slug]) if has_relay else ""

    @property
    def contact_address(self) -> str:
        """The same in full, for paper."""
        return f"{settings.SITE_URL}{self.contact_url}" if self.contact_url else ""

    # For the council

    @property
    def council_parts(self) -> list[tuple[str, str]]:
        """The questions of a council, each with the beginning of its answer."""
        return [(title, self.plain(section, length)) for title, section, length in COUNCIL_PARTS]

    @property
    def council_indicators(self) -> list[ShownIndicator]:
        """The first figures."""
        return self.indicators[:COUNCIL_INDICATORS]

    @property
    def address(self) -> str:
        """The address of the page, in full."""
        return settings.SITE_URL + (self.page.get_url() or "")

    @property
    def structured_data(self) -> dict:
        """The experience as schema.org describes an article: what the page shows, nothing else."""
        page = self.page
        data = {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": page.title,
            "description": page.summary,
            "url": self.address,
            "inLanguage": "fr",
            "datePublished": page.first_published_at.isoformat() if page.first_published_at else "",
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
            "author": {"@type": "Organization", "name": self.holder.label} if self.holder else {},
            "contentLocation": {"@type": "AdministrativeArea", "name": self.place.name} if self.place else {},
            "keywords": [topic.label for topic in [*self.themes, *self.programmes]],
        }
        return {key: value for key, value in data.items() if value}


def step_date(step: ExperienceStep) -> str:
    """« 12 mars 2024 », « mars 2024 »; empty when a draft gives none."""
    if step.date is None:
        return ""
    return month(step.date) if step.month_only else full_date(step.date)


def machine_date(step: ExperienceStep) -> str:
    """« 2024-03-12 », « 2024-03 » (HTML, valid month string)."""
    return step.date.isoformat()[: 7 if step.month_only else 10] if step.date else ""


def shown_indicator(indicator: ExperienceIndicator) -> ShownIndicator:
    """A figure ready to be shown; its source may be an address only."""
    return ShownIndicator(
        label=indicator.label,
        value=measure(indicator.value, indicator.unit),
        date=full_date(indicator.date) if indicator.date else "",
        source=indicator.source or indicator.source_url or NO_SOURCE,
        source_url=indicator.source_url,
        is_sourced=indicator.is_sourced,
    )
