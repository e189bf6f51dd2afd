"""What each process keeps of the rows that editors govern, read again when something moved."""

from collections.abc import Callable
from typing import Generic, TypeVar

from territoires_en_commun.base.listing.snapshot import current_visibility

Value = TypeVar("Value")


class KeptByMarks(Generic[Value]):
    """The answer of ``read``, kept while the marks of change are the same: other processes see a change at once.

    Whoever saves or deletes the rows calls ``mark_change``.
    """

    def __init__(self, read: Callable[[], Value]):
        self._read = read
        self._kept: tuple[tuple[str, ...], Value] | None = None

    def __call__(self) -> Value:
        marks = current_visibility().marks
        kept = self._kept
        if kept is None or kept[0] != marks:
            kept = self._kept = (marks, self._read())
        return kept[1]

    def forget(self) -> None:
        """Read again at the next call."""
        self._kept = None
