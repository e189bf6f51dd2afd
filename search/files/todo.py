"""What unreadable files add to « À faire », on the dashboard of the editing space."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from wagtail.permissions import policy_registry

from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.registry import Todo, todos
from territoires_en_commun.base.todo import list_url

from .models import FileText


def unreadable_files_of(user) -> QuerySet[FileText]:
    """The files that could not be read, among the documents that somebody may change."""
    documents = policy_registry.get_by_type(CustomDocument).instances_user_has_permission_for(user, "change")
    return FileText.objects.unreadable().filter(document__in=documents.values("pk"))


@todos.register("unreadable_files", order=25)
def files_to_replace(user, now: datetime) -> Iterator[Todo]:
    """The files of which the search knows the title alone, or a part; most often there is none, and rights cost."""
    if not FileText.objects.unreadable().exists():
        return
    yield Todo(
        unreadable_files_of(user).count(),
        "fichier est illisible pour la recherche",
        "fichiers sont illisibles pour la recherche",
        list_url("unreadable_files"),
    )
