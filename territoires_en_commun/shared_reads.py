"""What one page asks of the database several times and may read once: several rooms show something on it.

Nothing is kept from one request to the next. Outside :func:`shared_reads` (a task, a command, a form that is being
posted) each question is asked again.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def shared_reads() -> Iterator[None]:
    """Inside, each question of :func:`read_once` is asked once; inside another one, it shares its answers."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def are_shared() -> bool:
    """Whether the answers are kept for others: reading more than one needs may then spare several reads."""
    return _answers.get() is not None


def read_once(question: Hashable, read: Callable[[], Answer]) -> Answer:
    """The answer already had inside :func:`shared_reads`, else that of ``read``."""
    answers = _answers.get()
    if answers is None:
        return read()
    if question not in answers:
        answers[question] = read()
    return answers[question]


class SharedReadsMiddleware:
    """A page that is read shares its reads; a request that may write never does."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with shared_reads():
            return self.get_response(request)
