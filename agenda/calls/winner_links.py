"""What a call tells of its winners, seen from their pages: their fiche, their experience."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from agenda.models import CallPage
from agenda.models.winners import EXPERIENCE
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import linked_pages

KINDS = (EXPERIENCE, ("annuaire", "actorpage"))


@linked_pages.register("winners", order=200)
def calls_won(page: BasePage) -> Iterable[tuple[str, QuerySet]]:
    """The calls that name this actor, or this experience, among their winners, once they are over (as their page)."""
    if page.cached_content_type.natural_key() not in KINDS:
        return []
    won = Q(winners__actor=page.pk) | Q(winners__experience=page.pk)
    calls = CallPage.objects.live().closed(timezone.now()).filter(won)
    return [("Lauréat de", calls.order_by("-closes_on").distinct())]
