"""The listings of this room."""

from collections.abc import Hashable
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from ressources.kinds import KitKind
from ressources.labels import hours_label, price_label
from ressources.models import KitPage, TrainingPage
from territoires_en_commun.base.freshness import review_label
from territoires_en_commun.base.listing import REVIEW, AudienceFacet, ChoiceFacet, Column, Listing
from territoires_en_commun.base.listing.filters import FacetPart, Values
from territoires_en_commun.base.models import BasePage

TRAINING = "formation"
KINDS = [*((value, capfirst(label)) for value, label in KitKind.choices), (TRAINING, "Formation")]
# Both types are read through the base page: what a list shows of each.
SHOWN_FIELDS = (
    *("title", "slug", "summary", "url_path", "path", "depth", "locale", "content_type", "live", "licence"),
    *("first_published_at", "review_date"),
    *(f"kitpage__{name}" for name in ("kind", "set_up_time", "cost")),
    *(f"trainingpage__{name}" for name in ("hours", "mode", "is_free", "price")),
)


class KindFacet(ChoiceFacet):
    """The natures of kits, and trainings beside them."""

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        lookup = self.lookups[0]
        return super().collect(pages, {lookup: [(pk, kind or TRAINING) for pk, kind in values[lookup]]})


class ResourceRow(NamedTuple):
    """A kit or a training as the list shows it; ``facts`` are labels and texts."""

    page: BasePage
    url: str
    detail: str
    facts: list[tuple[str, str]]
    review: str
    tags: list[str]


class ResourceListing(Listing):
    """Kits, tools and trainings."""

    nouns = ("ressource", "ressources")
    the_only = "la seule"
    no_result = "Aucune ressource"
    search_label = "Rechercher une ressource"
    results_title = "Ressources"
    item_template = "ressources/resource_item.html"
    filters = (
        *Listing.filters[:1],
        KindFacet("type", "Type de ressource", "kitpage__kind", KINDS),
        *Listing.filters[1:],
        AudienceFacet(),
        REVIEW,
    )

    def pages(self) -> QuerySet:
        return BasePage.objects.type(KitPage, TrainingPage)

    def state(self) -> Hashable:
        """Days of review pass."""
        return timezone.localdate()

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.select_related("kitpage", "trainingpage").only(*SHOWN_FIELDS)

    def row(self, page: BasePage) -> ResourceRow:
        common = super().row(page)
        detail = common.detail.replace(capfirst(str(page.specific_class._meta.verbose_name)), kind_label(page), 1)
        review = review_label(page.review_date, timezone.localdate())
        return ResourceRow(page, common.url, detail, resource_facts(page), review, common.tags)

    def columns(self) -> list[Column]:
        own = [
            Column("Type", kind_label),
            Column("Durée", lambda page: dict(resource_facts(page)).get("Durée", "")),
            Column("Coût", lambda page: dict(resource_facts(page)).get("Coût", "")),
        ]
        common = [column for column in super().columns() if column.header != "Type"]
        return [common[0], *own, *common[1:]]

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(self.item_pages(pages))


def kind_label(page: BasePage) -> str:
    """« Guide », « Formation »."""
    return capfirst(page.kitpage.get_kind_display()) if page.specific_class is KitPage else "Formation"


def resource_facts(page: BasePage) -> list[tuple[str, str]]:
    """What a list says of a resource: how long it takes and what it costs; what is not known is left out."""
    if page.specific_class is KitPage:
        kit = page.kitpage
        facts = [("Durée", kit.get_set_up_time_display()), ("Coût", kit.get_cost_display())]
    else:
        training = page.trainingpage
        cost = price_label(training.is_free, training.price)
        facts = [
            ("Modalité", training.get_mode_display()),
            ("Durée", hours_label(training.hours)),
            ("Coût", cost),
        ]
    return [(label, text) for label, text in facts if text]
