"""The governed lists as facets need them: four small tables read together."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast

from territoires_en_commun.base.models import Audience, Partner, Programme, Term, Theme
from territoires_en_commun.shared_reads import read_once

from .sorts import folded

LISTS = (Theme, Programme, Audience, Partner)
# What only one of the lists has, and what stands for it in the others.
NO_PARENT = Cast(Value(None), BigIntegerField())
NO_ACRONYM = Value("", CharField())


class TermRow(NamedTuple):
    """A term, without its long texts."""

    pk: int
    name: str
    slug: str
    is_active: bool
    replaced_by_id: int | None
    parent_id: int | None
    acronym: str

    @property
    def full_name(self) -> str:
        """« Petites villes de demain (PVD) »."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


def known_terms(model: type[Term]) -> dict[int, TermRow]:
    """The terms of a governed list by key, in the order of their names."""
    return read_once("terms", read_terms)[model]


def read_terms() -> dict[type[Term], dict[int, TermRow]]:
    """Every governed list; one query."""
    first, *others = (_rows(rank, model) for rank, model in enumerate(LISTS))
    terms: dict[type[Term], list[TermRow]] = {model: [] for model in LISTS}
    for rank, *row in first.union(*others, all=True):
        terms[LISTS[rank]].append(TermRow(*row))
    return {model: {row.pk: row for row in sorted(rows, key=by_name)} for model, rows in terms.items()}


def by_name(term: TermRow) -> tuple[str, int]:
    """Where a term comes in its list."""
    return folded(term.name), term.pk


def _rows(rank: int, model: type[Term]):
    parent = F("parent_id") if model is Theme else NO_PARENT
    acronym = F("acronym") if model is Programme else NO_ACRONYM
    names = ("pk", "name", "slug", "is_active", "replaced_by_id")
    return model.objects.order_by().values_list(Value(rank), *names, parent, acronym)


def successor(term: TermRow, terms: Mapping[int, TermRow]) -> TermRow:
    """The term that took over, at the end of the chain; the term itself when there is none or the chain loops."""
    seen = set()
    while term.replaced_by_id in terms and term.pk not in seen:
        seen.add(term.pk)
        term = terms[term.replaced_by_id]
    return term
