"""How the embedded index follows the database: at a search, when something moved; the rest beside the requests."""

import logging
import threading
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connections

from search.documents.preparing import PER_BATCH, count_waiting, mark_missed, prepare
from search.models import SearchBatch, SearchDocument
from territoires_en_commun.base.listing.snapshot import current_visibility
from territoires_en_commun.database import hardly_waiting

from .index import EmbeddedIndex, Position

READ_AT_ONCE = 500  # documents
READ_IN_REQUEST = 5_000  # documents, less than a second when they are prepared

logger = logging.getLogger(__name__)


def follow(index: EmbeddedIndex) -> bool:
    """Write to the index the batches that it has not read; False when another process is writing."""
    with index.writing() as may_write:
        if not may_write:
            return False
        position = index.position
        known = is_known(position)
        last = SearchBatch.objects.order_by("-pk").first()
        newest = Position(last.pk, str(last.token)) if last else Position()
        if (known and newest == position) or (not last and position == Position()):
            return True
        documents = SearchDocument.objects.filter(batch__lte=newest.batch)
        if known:
            documents = documents.filter(batch__gt=position.batch)
        index.write(documents.order_by("pk").iterator(chunk_size=READ_AT_ONCE), newest, anew=not known)
    return True


def is_known(position: Position) -> bool:
    """Whether the database went through this position: if not, the index was made from another one."""
    return SearchBatch.objects.filter(pk=position.batch, token=position.token or None).exists()


def count_unread(index: EmbeddedIndex) -> int:
    """How many prepared documents the index has not read."""
    position = index.position
    return SearchDocument.objects.filter(batch__gt=position.batch if is_known(position) else 0).count()


class Follower:
    """Keeps the index of a process up to date, without making anybody wait for long work."""

    def __init__(self, index: EmbeddedIndex):
        self.index = index
        self._seen: tuple[tuple[str, ...], int] | None = None  # marks of the database, time of the files
        self._looked = 0.0
        self._lock = threading.Lock()
        self._beside: threading.Thread | None = None

    def forget(self) -> None:
        """Look at everything again at the next search."""
        self._seen = None

    def catch_up(self) -> None:
        """Called by each search: nothing when nothing moved, the few pages that changed, or a thread for many."""
        marks = current_visibility().marks
        if (marks, self.index.written()) == self._seen or not self._lock.acquire(blocking=self._seen is None):
            return
        try:
            with hardly_waiting():
                is_done = self._catch_up()
            if is_done:
                self._seen = (marks, self.index.written())
        except DatabaseError:  # the base is busy or read-only: what is known goes on being found
            logger.warning("Index de recherche : la base est occupée, les derniers changements attendront.")
        finally:
            self._lock.release()

    def _catch_up(self) -> bool:
        """Whether the index is as the database."""
        if self._beside is not None and self._beside.is_alive():
            return False
        now = monotonic()
        if self._seen is None or now - self._looked > settings.SEARCH_LOOK_FOR_MISSED:
            self._looked = now
            mark_missed()
        many = count_waiting() > settings.SEARCH_PREPARED_IN_REQUEST or count_unread(self.index) > READ_IN_REQUEST
        if many:
            self._beside = threading.Thread(target=self._catch_up_beside, daemon=True)
            self._beside.start()
            return False
        prepare(settings.SEARCH_PREPARED_IN_REQUEST)
        return follow(self.index) and not count_waiting()

    def _catch_up_beside(self) -> None:
        """All that waits, in a thread with its own connections."""
        try:
            while prepare(PER_BATCH):
                follow(self.index)
            follow(self.index)
        except Exception:  # the next search tries again
            logger.exception("Index de recherche non rafraîchi")
        finally:
            connections.close_all()
