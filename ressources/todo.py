"""What waits for who moderates experiences, on the dashboard of the editing space."""

from collections.abc import Iterator
from datetime import datetime

from wagtail.permissions import policy_registry

from ressources.experience_silence import silences
from ressources.models import ExperienceSubmission, SubmissionState
from ressources.viewsets import SILENT
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import Todo, todos
from territoires_en_commun.base.todo import list_url

MODERATE = "ressources.change_experiencesubmission"


@todos.register("submissions", order=50)
def submissions_to_do(user, now: datetime) -> Iterator[Todo]:
    """The experiences that people without account propose."""
    if user.has_perm(MODERATE):
        yield Todo(
            ExperienceSubmission.objects.filter(state=SubmissionState.SENT).count(),
            "expérience proposée est à examiner",
            "expériences proposées sont à examiner",
            list_url("experiences_proposees:index", state=SubmissionState.SENT.value),
        )


@todos.register("contacts", order=60)
def contacts_to_do(user, now: datetime) -> Iterator[Todo]:
    """The contacts who no longer answer, among the experiences that one may see."""
    if not user.has_perm(MODERATE):
        return
    silent = [page.pk for page, _ in silences(now)]
    if silent:
        seen = policy_registry.get_by_type(BasePage).explorable_instances(user).filter(pk__in=silent)
        yield Todo(
            seen.count(),
            "contact d’expérience ne répond plus : à vérifier",
            "contacts d’expérience ne répondent plus : à vérifier",
            list_url("experiences:index", contact=SILENT),
        )
