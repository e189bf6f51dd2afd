"""Where the terms of the governed lists are used: database rows of any room, and the contents of revisions.

Nothing here names a room: relations are read from the models, so that a list used by a new room is covered.
"""

from dataclasses import dataclass

from territoires_en_commun.base.models import BasePage, Term
from territoires_en_commun.base.term_revisions import places_of


@dataclass(frozen=True)
class TermUses:
    """How many times a term is used, by kind."""

    live_pages: int
    draft_pages: int
    revised_pages: int
    children: int
    replaced: int
    other: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """0 when nothing would be lost with the term."""
        return (
            self.live_pages
            + self.draft_pages
            + self.revised_pages
            + self.children
            + self.replaced
            + sum(count for _, count in self.other)
        )

    def sentences(self) -> list[str]:
        """Each kind of use with its count, in French, without those that are nil."""
        counts = [
            (self.live_pages, "page publiée", "pages publiées"),
            (self.draft_pages, "page non publiée", "pages non publiées"),
            (self.revised_pages, "page par ses versions enregistrées", "pages par leurs versions enregistrées"),
            (self.children, "sous-thématique", "sous-thématiques"),
            (self.replaced, "terme fusionné", "termes fusionnés"),
        ]
        found = [f"{count} {many if count > 1 else one}" for count, one, many in counts if count]
        return found + [f"{count} {label}" for label, count in self.other if count]


def links_to(model: type[Term]):
    """Relations that point at a list: ``(model, field)`` for foreign keys, ``(through, field)`` for many-to-many.

    ``field`` is the one that holds the term. ``parent`` and ``replaced_by`` of the list itself are left out.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation and not relation.concrete):
            continue
        if relation.related_model is model or relation.many_to_many:
            continue
        yield relation.related_model, relation.field


def page_fields(model: type[Term]):
    """Fields of pages that hold terms of a list: ``(page model, field)``."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and not relation.concrete:
            holder = relation.field.model
            if isinstance(holder, type) and issubclass(holder, BasePage):
                yield holder, relation.field


def pages_using(term: Term):
    """Pages whose current row (published, or last draft of one never published) holds the term."""
    ids: set[int] = set()
    for holder, field in page_fields(type(term)):
        ids |= set(holder.objects.filter(**{field.name: term}).values_list("pk", flat=True))
    return BasePage.objects.filter(pk__in=ids)


def term_uses(term: Term) -> TermUses:
    """Count every use of a term; a page counts once, by its row first, then by its revisions."""
    pages = dict(pages_using(term).values_list("pk", "live"))
    revised: set[str] = set()
    for place in places_of(type(term)):
        revised |= set(place.find(term.pk).values_list("object_id", flat=True))
    other = []
    for model, field in links_to(type(term)):
        if issubclass(model, BasePage) or _is_page_through(model):
            continue
        count = model._default_manager.filter(**{field.name: term}).count()
        other.append((_label(model, count), count))
    children = term.children.count() if hasattr(term, "children") else 0
    return TermUses(
        live_pages=sum(pages.values()),
        draft_pages=sum(not live for live in pages.values()),
        revised_pages=len(revised - {str(pk) for pk in pages}),
        children=children,
        replaced=term.replaces.count(),
        other=tuple(other),
    )


def _is_page_through(model) -> bool:
    return any(
        issubclass(field.related_model, BasePage)
        for field in model._meta.fields
        if model._meta.auto_created and field.is_relation
    )


def _label(model, count: int) -> str:
    return str(model._meta.verbose_name_plural if count > 1 else model._meta.verbose_name)
