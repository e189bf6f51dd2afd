"""Terms inside the contents of page revisions: drafts, scheduled versions, versions under review, history."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.expressions import RawSQL
from modelcluster.fields import ParentalKey
from wagtail.models import Revision, get_default_page_content_type

from territoires_en_commun.base.models import BasePage, Term


def revisions_of(holder: type[BasePage]):
    """Revisions of the pages of a type and of the types that derive from it."""
    if holder is BasePage:
        return Revision.objects.filter(base_content_type=get_default_page_content_type())
    types = [model for model in _page_types() if issubclass(model, holder)]
    return Revision.objects.filter(content_type__in=ContentType.objects.get_for_models(*types).values())


def _page_types():
    pending = [BasePage]
    while pending:
        model = pending.pop()
        yield model
        pending += model.__subclasses__()


@dataclass(frozen=True)
class PageField:
    """A field of a page type, holding one term or several."""

    holder: type[BasePage]
    field: models.Field

    def find(self, pk: int):
        """Revisions whose content holds this term."""
        name, revisions = self.field.name, revisions_of(self.holder)
        if not self.field.many_to_many:
            return revisions.filter(**{f"content__{name}": pk})
        if connection.vendor == "postgresql":
            return revisions.filter(**{f"content__{name}__contains": [pk]})
        holds = RawSQL(  # SQLite has no "contains" lookup on JSON
            "EXISTS (SELECT 1 FROM json_each(wagtailcore_revision.content, %s) WHERE json_each.value = %s)",
            (f"$.{name}", pk),
            output_field=models.BooleanField(),
        )
        return revisions.filter(holds)

    def replace(self, content: dict, old: int, new: int) -> None:
        """Put a term in the place of another; it is kept once where both were."""
        name = self.field.name
        if self.field.many_to_many:
            content[name] = list(dict.fromkeys(new if pk == old else pk for pk in content[name]))
        else:
            content[name] = new


@dataclass(frozen=True)
class RowField:
    """A foreign key to a term in the rows that a page edits with itself (``ParentalKey``)."""

    holder: type[BasePage]
    accessor: str
    field: models.Field

    def find(self, pk: int):
        """Revisions with such a row; contents are read one by one, for this type of page only."""
        revisions = revisions_of(self.holder).filter(content__has_key=self.accessor)
        contents = revisions.values_list("pk", f"content__{self.accessor}").iterator(chunk_size=200)
        found = [key for key, rows in contents if any(row.get(self.field.name) == pk for row in rows or [])]
        return Revision.objects.filter(pk__in=found)

    def replace(self, content: dict, old: int, new: int) -> None:
        """Put a term in the place of another in every row."""
        for row in content[self.accessor]:
            if row.get(self.field.name) == old:
                row[self.field.name] = new


def places_of(model: type[Term]) -> Iterator[PageField | RowField]:
    """Where the contents of revisions can hold the terms of a list."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation and not relation.concrete):
            continue
        owner = relation.field.model
        if issubclass(owner, BasePage):
            yield PageField(owner, relation.field)
            continue
        for key in owner._meta.fields:
            if isinstance(key, ParentalKey) and issubclass(key.related_model, BasePage):
                yield RowField(key.related_model, key.remote_field.get_accessor_name(), relation.field)
