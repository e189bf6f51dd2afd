"""What the fiche of an actor is linked to by the blog."""

from collections.abc import Iterator

from django.db.models import QuerySet

from annuaire.models import ActorPage
from blog.models import ArticlePage
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import linked_pages


@linked_pages.register("interviews")
def interviews_of(page: BasePage) -> Iterator[tuple[str, QuerySet]]:
    """The interviews where somebody speaks for an actor, the latest first."""
    if issubclass(page.specific_class, ActorPage):
        found = ArticlePage.objects.live().filter(interviewees__actor=page.pk).distinct()
        yield "Entretiens", found.order_by("-published_on", "-pk")
