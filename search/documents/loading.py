"""After a command wrote many pages: they are ready to be found when it ends."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.dispatch import receiver

from territoires_en_commun.base.registry import pages_loaded

from .preparing import PER_BATCH, count_waiting, mark_missed, prepare

Progress = Callable[[Sequence, str], Iterable]


def without_progress(steps: Sequence, _label: str) -> Iterable:
    """Shows nothing."""
    return steps


def prepare_all(progress: Progress = without_progress) -> int:
    """Read every page that changed, then tell both engines; the number of pages read."""
    from search.embedded.engine import embedded_engine

    mark_missed()
    waiting = count_waiting()
    for _step in progress([range(PER_BATCH)] * -(-waiting // PER_BATCH), "Recherche"):
        prepare(PER_BATCH)
    embedded_engine().follow()
    if settings.SEARCH_URL:
        from search.elastic.following import follow_quietly

        follow_quietly()
    return waiting


@receiver(pages_loaded)
def on_pages_loaded(progress: Progress = without_progress, **_signal: Any) -> None:
    """Somebody is done writing pages."""
    prepare_all(progress)
