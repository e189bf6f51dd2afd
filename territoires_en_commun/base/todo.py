"""« À faire », on the dashboard: what waits for the person who signs in, each count leading to its list.

Rooms add theirs with ``todos.register`` (see registry.py).
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState
from wagtail.permissions import policy_registry

from territoires_en_commun.base.dead_links.report import uses_seen_by
from territoires_en_commun.base.drafts import is_incomplete, is_returned
from territoires_en_commun.base.models import BasePage, ErrorReport, LinkState
from territoires_en_commun.base.page_listings import INCOMPLETE, RETURNED
from territoires_en_commun.base.registry import Todo, todos
from territoires_en_commun.imports.kinds import import_kinds
from territoires_en_commun.imports.models import ImportJob

WRITE = {"add", "change", "publish"}


def list_url(name: str, **query) -> str:
    return f"{reverse(name)}?{urlencode(query)}"


@todos.register("pages", order=10)
def pages_to_do(user, now: datetime) -> Iterator[Todo]:
    """Among the pages that one may change: those to approve, one's unfinished drafts, one's reviews."""
    pages = policy_registry.get_by_type(BasePage)
    if not pages.user_has_any_permission(user, WRITE):
        return
    yield Todo(
        TaskState.objects.reviewable_by(user).count(),
        "contenu attend votre relecture",
        "contenus attendent votre relecture",
        list_url("wagtailadmin_reports:workflow_tasks", reviewable="true"),
    )
    is_mine, changeable = Q(owner=user), pages.instances_user_has_permission_for(user, "change").filter(depth__gt=1)
    to_review = changeable.due_for_review(timezone.localdate(now)).filter(review_owner=user)
    concerned = pages.instances_user_has_any_permission_for(user, WRITE).filter(is_mine | Q(review_owner=user))
    counts = concerned.aggregate(
        returned=Count("pk", filter=is_mine & is_returned()),
        incomplete=Count("pk", filter=is_mine & is_incomplete()),
        to_review=Count("pk", filter=Q(pk__in=to_review.values("pk"))),
    )
    yield Todo(
        counts["returned"],
        "de vos contenus est à reprendre : la relecture demande des modifications",
        "de vos contenus sont à reprendre : la relecture demande des modifications",
        list_url("contenus:index", etat=RETURNED, owner=user.pk),
    )
    yield Todo(
        counts["incomplete"],
        "de vos brouillons est à compléter",
        "de vos brouillons sont à compléter",
        list_url("contenus:index", etat=INCOMPLETE, owner=user.pk),
    )
    yield Todo(
        counts["to_review"],
        "contenu dont vous êtes responsable est à revoir",
        "contenus dont vous êtes responsable sont à revoir",
        list_url("content_health", probleme="revue", responsable=user.pk),
    )


@todos.register("links", order=20)
def links_to_do(user, now: datetime) -> Iterator[Todo]:
    yield Todo(
        uses_seen_by(user).filter(link__state=LinkState.DEAD).count(),
        "lien mort",
        "liens morts",
        list_url("link_checks", etat=LinkState.DEAD.value),
    )


@todos.register("reports", order=30)
def reports_to_do(user, now: datetime) -> Iterator[Todo]:
    if user.has_perm("base.change_errorreport"):
        yield Todo(
            ErrorReport.objects.filter(closed_at=None).count(),
            "signalement sans réponse",
            "signalements sans réponse",
            list_url("signalements:index", state="ouvert"),
        )


@todos.register("imports", order=40)
def imports_to_do(user, now: datetime) -> Iterator[Todo]:
    jobs = ImportJob.objects.refused_to(user, now).order_by().values_list("kind").annotate(Count("pk"))
    counts = [count for kind, count in jobs if import_kinds.allows(user, kind)]
    if counts:
        yield Todo(
            sum(counts),
            "de vos imports a des lignes refusées",
            "de vos imports ont des lignes refusées",
            list_url("imports:index", refusees=1),
        )


def things_to_do(user, now: datetime) -> list[Todo]:
    """What waits for somebody, without what counts zero."""
    return [todo for give in todos for todo in give(user, now) if todo.count]


class TodoPanel(Component):
    """The list, or that there is nothing to do."""

    name = "todo"
    template_name = "base/admin/todo.html"
    order = 40

    def __init__(self, found: list[Todo]):
        self.found = found

    def get_context_data(self, parent_context):
        return {"todos": self.found}


def add_todo_panel(request, panels) -> None:
    """Hook of the dashboard."""
    panels.append(TodoPanel(things_to_do(request.user, timezone.now())))
