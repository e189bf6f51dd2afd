"""The filters of a listing: text, facets with counts, territory, or any narrowing of a queryset.

A filter is one parameter of the query string. ``collect`` runs once per publication and gives the filter
its part of the snapshot; ``select`` runs at each request and tells which pages a value keeps.
The fields that filters and orders need (``lookups``) are read together: one query for those of one value, one for
the relations of several terms.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.text import capfirst, slugify

from territoires_en_commun.base.models import Audience, BasePage, Programme, Term, Theme

from .forms import ReadableCharField, ValuesField
from .searching import MAX_QUERY_LENGTH, query_words, text_searcher
from .terms import TermRow, known_terms, successor

Values = Mapping[str, list[tuple[int, Any]]]  # for each lookup, the primary key and the value of every page


class Filter:
    """One parameter: its form field, what it keeps, how it is told and linked."""

    template = "components/form_field.html"
    lookups: tuple[str, ...] = ()

    def __init__(self, name: str, label: str):
        self.name = name
        self.label = label

    def collect(self, pages: QuerySet, values: Values) -> Any:
        """What the filter needs about all the visible pages; ``values`` holds those of its ``lookups``."""
        return None

    def form_field(self, part: Any) -> forms.Field:
        """The field that validates the parameter."""
        raise NotImplementedError

    def select(self, value: Any, part: Any, pages: QuerySet) -> Collection[int]:
        """Primary keys of the pages kept by a clean value; a ranked list when the order means something."""
        raise NotImplementedError

    def default(self, part: Any) -> Collection[int] | None:
        """Primary keys of the pages kept when the parameter is absent; None keeps them all."""
        return None

    def lowered(self, part: Any) -> Collection[int]:
        """Primary keys of the pages that come after the others when no order is asked."""
        return ()

    def raw(self, value: Any) -> list[str]:
        """The clean value as parameter values, for links."""
        return [str(value)]

    def tell(self, raw: str, value: Any, part: Any) -> str:
        """One parameter value in words, for the removable tag."""
        return f"{self.label} : {raw}"


class TextField(ReadableCharField):
    """The text searched: at most 200 characters, at least one word."""

    def __init__(self):
        super().__init__(
            required=False,
            max_length=MAX_QUERY_LENGTH,
            error_messages={"max_length": f"la recherche est limitée à {MAX_QUERY_LENGTH} caractères"},
        )

    def clean(self, value):
        text = super().clean(value)
        if text and not query_words(text):
            raise forms.ValidationError("elle ne contient aucun mot")
        return text


class TextFilter(Filter):
    """Free text, through the engine registered by the room that searches."""

    def __init__(self, name: str = "q", label: str = "Recherche"):
        super().__init__(name, label)

    def form_field(self, part: Any) -> forms.Field:
        return TextField()

    def select(self, value: str, part: Any, pages: QuerySet) -> list[int]:
        return text_searcher().rank(pages.model, value)

    def tell(self, raw: str, value: str, part: Any) -> str:
        return f"«\u00a0{raw}\u00a0»"


class QueryFilter(Filter):
    """Any other filter of a room: a form field, and a function that narrows a queryset by its clean value."""

    def __init__(
        self, name: str, label: str, make_field: Callable[[], forms.Field], narrow: Callable[[QuerySet, Any], QuerySet]
    ):
        super().__init__(name, label)
        self.make_field = make_field
        self.narrow = narrow

    def form_field(self, part: Any) -> forms.Field:
        return self.make_field()

    def select(self, value: Any, part: Any, pages: QuerySet) -> set[int]:
        return set(self.narrow(pages, value).values_list("pk", flat=True))

    def raw(self, value: Any) -> list[str]:
        return [value.isoformat() if hasattr(value, "isoformat") else str(value)]


@dataclass(frozen=True)
class FacetValue:
    """A value that a facet offers; ``level`` 1 is under the value of level 0 before it."""

    value: str
    label: str
    level: int = 0
    offered: bool = True


@dataclass(frozen=True)
class FacetPart:
    """The values of a facet in order, the pages of each, the old values that lead to new ones.

    ``labels`` gives, for a page, its own values in words: a child theme without its parent.
    """

    values: tuple[FacetValue, ...]
    pages: dict[str, frozenset[int]]
    aliases: dict[str, str] = field(default_factory=dict)
    labels: dict[int, list[str]] = field(default_factory=dict)

    def label_of(self, value: str) -> str:
        """The label of a known value."""
        return next(known.label for known in self.values if known.value == value)


class Facet(Filter):
    """A filter of several values (OR inside, AND with the other filters), each with its count."""

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        raise NotImplementedError

    def form_field(self, part: FacetPart) -> ValuesField:
        return ValuesField(label=self.label, known={known.value for known in part.values}, aliases=part.aliases)

    def select(self, value: list[str], part: FacetPart, pages: QuerySet) -> set[int]:
        return set().union(*(part.pages.get(item, ()) for item in value))

    def raw(self, value: list[str]) -> list[str]:
        return value

    def tell(self, raw: str, value: list[str], part: FacetPart) -> str:
        return part.label_of(raw)


class ChoiceFacet(Facet):
    """A facet on a field with choices; ``lookup`` may follow relations."""

    def __init__(self, name: str, label: str, lookup: str, choices: Collection[tuple[str, str]]):
        super().__init__(name, label)
        self.lookups = (lookup,)
        self.choices = choices

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        sets = defaultdict(set)
        for pk, value in values[self.lookups[0]]:
            sets[str(value)].add(pk)
        offered = tuple(FacetValue(str(value), str(label)) for value, label in self.choices if value not in ("", None))
        return FacetPart(offered, {value: frozenset(pks) for value, pks in sets.items()})


class ChoicesFacet(ChoiceFacet):
    """As ``ChoiceFacet``, on a field that holds a list of choices (``base.fields.ChoicesField``)."""

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        pairs = [(pk, item) for pk, items in values[self.lookups[0]] for item in items or ()]
        return super().collect(pages, {self.lookups[0]: pairs})


class TypeFacet(Facet):
    """The kind of page, by the name of its class."""

    lookups = ("content_type_id",)

    def __init__(self, name: str = "type", label: str = "Type de contenu"):
        super().__init__(name, label)

    @staticmethod
    def slug_of(model: type[BasePage]) -> str:
        """The value that keeps the pages of a type: « retour-d-experience »."""
        return slugify(str(model._meta.verbose_name).replace("’", " ").replace("'", " "))

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        by_type = defaultdict(set)
        for pk, content_type in values["content_type_id"]:
            by_type[content_type].add(pk)
        labels, sets = {}, defaultdict(set)
        for content_type, pks in by_type.items():
            model = ContentType.objects.get_for_id(content_type).model_class()
            if model is not None:
                slug = self.slug_of(model)
                labels[slug] = capfirst(str(model._meta.verbose_name))
                sets[slug] |= pks
        offered = tuple(FacetValue(slug, label) for slug, label in sorted(labels.items()))
        return FacetPart(offered, {slug: frozenset(pks) for slug, pks in sets.items()})


class TermFacet(Facet):
    """A facet on a governed list of terms; a merged term leads to the one that replaced it.

    ``relation`` names a field of the page, of several terms or of one.
    """

    def __init__(self, name: str, label: str, *, relation: str, model: type[Term]):
        super().__init__(name, label)
        self.relation = relation
        self.model = model
        self.lookups = (relation,)

    def collect(self, pages: QuerySet, values: Values) -> FacetPart:
        terms = known_terms(self.model)
        current = {pk: successor(term, terms) for pk, term in terms.items()}
        sets, labels = defaultdict(set), defaultdict(list)
        for pk, term_pk in self._links(values):
            term = current[term_pk]
            sets[term.slug].add(pk)
            labels[pk].append(term.name)
            parent = terms.get(term.parent_id)
            if parent is not None:
                sets[current[parent.pk].slug].add(pk)
        offered = tuple(self._values([term for term in terms.values() if current[term.pk] is term]))
        aliases = {term.slug: current[pk].slug for pk, term in terms.items() if current[pk] is not term}
        own = {pk: sorted(set(names)) for pk, names in labels.items()}
        return FacetPart(offered, {slug: frozenset(pks) for slug, pks in sets.items()}, aliases, own)

    def _links(self, values: Values) -> Iterable[tuple[int, int]]:
        """Each page with the key of a term."""
        return [(pk, term) for pk, term in values[self.relation] if term is not None]

    def _values(self, terms: list[TermRow]) -> Iterator[FacetValue]:
        present = {term.pk for term in terms}
        for top in terms:
            if top.parent_id not in present:
                yield FacetValue(top.slug, top.full_name, 0, top.is_active)
                for term in terms:
                    if term.parent_id == top.pk:
                        yield FacetValue(term.slug, term.full_name, 1, term.is_active)


class ThemeFacet(TermFacet):
    """The themes of public action."""

    def __init__(self, name: str = "thematique", label: str = "Thématiques"):
        super().__init__(name, label, relation="themes", model=Theme)


class ProgrammeFacet(TermFacet):
    """The programmes of the State."""

    def __init__(self, name: str = "programme", label: str = "Programmes"):
        super().__init__(name, label, relation="programmes", model=Programme)


class AudienceFacet(TermFacet):
    """Those a content is for."""

    def __init__(self, name: str = "public", label: str = "Publics"):
        super().__init__(name, label, relation="audiences", model=Audience)
