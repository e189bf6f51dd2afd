"""The synonyms and acronyms of editors, as the engines expand queries by."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import F, Value

from .expressions import alternative_of, key_of, lines_of
from .kept import KeptByMarks
from .models import Acronym, SearchSynonym
from .models.rules import SearchRule, every_rule
from .text.expansion import Rules


def rules_of(sets: Iterable[Sequence[str]]) -> Rules:
    """The rules that these sets of equivalent expressions make; an expression of two sets has what both give."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for texts in sets:
        for text in texts:
            others = dict.fromkeys(alternative_of(other) for other in texts if key_of(other) != key_of(text))
            found.setdefault(key_of(text), {}).update(others)
    return Rules({key: tuple(others) for key, others in found.items() if key and others})


def read_rules() -> Rules:
    """The rules of the database; one query."""
    synonyms = SearchSynonym.objects.order_by().values_list("expressions", Value(""))
    acronyms = Acronym.objects.order_by().values_list(F("acronym"), F("expansion"))
    return rules_of(lines_of(f"{first}\n{second}") for first, second in sorted(synonyms.union(acronyms, all=True)))


def rules_with(rule: SearchRule) -> Rules:
    """The rules as they would be, were this one saved as it is."""
    return rules_of([*(other.texts for other in _others(rule)), rule.texts])


def rules_without(rule: SearchRule) -> Rules:
    """The rules as they would be, were this one deleted."""
    return rules_of(other.texts for other in _others(rule))


def _others(rule: SearchRule) -> list[SearchRule]:
    return [other for other in every_rule() if (type(other), other.pk) != (type(rule), rule.pk)]


_kept = KeptByMarks(read_rules)
_tried: ContextVar[Rules | None] = ContextVar("tried rules", default=None)


@contextmanager
def trying(rules: Rules) -> Iterator[None]:
    """Inside, searches of this thread use these rules: what a change would give, before it is made."""
    token = _tried.set(rules)
    try:
        yield
    finally:
        _tried.reset(token)


def current() -> Rules:
    """The rules of now: at most one query when something moved."""
    tried = _tried.get()
    return _kept() if tried is None else tried
