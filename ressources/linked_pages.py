"""What this room links to pages by other means than the links that editors draw."""

from collections.abc import Iterator

from django.db.models import QuerySet

from annuaire.models import ActorPage
from ressources.models import TrainingPage
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import linked_pages


@linked_pages.register("trainings")
def trainings_of_an_actor(page: BasePage) -> Iterator[tuple[str, QuerySet]]:
    """The trainings that an actor organises, by title."""
    if isinstance(page, ActorPage):
        yield "Formations", TrainingPage.objects.live().filter(organiser=page).order_by("title")
