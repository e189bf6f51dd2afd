"""Contents whose day of review has passed: after the others in a list, then out of it unless they are asked for."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from territoires_en_commun.base.freshness import is_archived, is_late

from .filters import Facet, FacetPart, FacetValue, Values

ARCHIVED = "archives"
CURRENT = "en-cours"  # never offered: it is what the list shows when nothing is asked


@dataclass(frozen=True)
class ReviewPart(FacetPart):
    """As ``FacetPart``, with the pages that rank lower."""

    late: frozenset[int] = frozenset()

    @property
    def archived(self) -> frozenset[int]:
        """The pages that a list leaves out."""
        return self.pages[ARCHIVED]


class ReviewFacet(Facet):
    """The archives, offered when there are some. The ``state`` of its listing says the day."""

    lookups = ("review_date",)

    def __init__(self, name: str = "revue", label: str = "Archives"):
        super().__init__(name, label)

    def collect(self, pages: QuerySet, values: Values) -> ReviewPart:
        today = timezone.localdate()
        dates = values["review_date"]
        archived = frozenset(pk for pk, day in dates if is_archived(day, today))
        late = frozenset(pk for pk, day in dates if is_late(day, today))
        current = frozenset(pk for pk, _ in dates) - archived
        offered = (FacetValue(ARCHIVED, "Contenus archivés"),)
        return ReviewPart(offered, {ARCHIVED: archived, CURRENT: current}, late=late)

    def default(self, part: ReviewPart) -> frozenset[int] | None:
        return part.pages[CURRENT] if part.archived else None

    def lowered(self, part: ReviewPart) -> frozenset[int]:
        return part.late


REVIEW = ReviewFacet()
