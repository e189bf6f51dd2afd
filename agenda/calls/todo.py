"""What calls add to « À faire », on the dashboard of the editing space."""

from collections.abc import Iterator
from datetime import datetime

from wagtail.permissions import policy_registry

from agenda.models import CallPage
from agenda.viewsets import WINNERS_AWAITED
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import Todo, todos
from territoires_en_commun.base.todo import list_url


@todos.register("winners", order=15)
def winners_to_name(user, now: datetime) -> Iterator[Todo]:
    """The calls in one's charge that closed long ago and say nothing of their results."""
    changeable = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
    mine = changeable.filter(review_owner=user)
    yield Todo(
        CallPage.objects.awaiting_winners(now).filter(pk__in=mine.values("pk")).count(),
        "appel clos depuis six mois ne dit pas ses lauréats",
        "appels clos depuis six mois ne disent pas leurs lauréats",
        list_url("appels-a-projets:index", laureats=WINNERS_AWAITED, responsable=user.pk),
    )
