"""The texts of a page, read from the fields that its type declares in ``search_fields``."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from wagtail.search import index

from search.models import SearchDocument
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import SearchTraits

from .files import file_parts

APART = ("title", "summary", "acronym")  # fields that have their own column
COMMON = ("themes", "programmes")  # relations whose names are terms
MAX_BODY = 2_000_000  # characters
NOTHING = str(None)  # what Wagtail says of an optional field of a block that was never filled


def fill(document: SearchDocument, page: BasePage) -> None:
    """Write in ``document`` what visitors may find ``page`` by; ``page`` is of its own type."""
    traits = page.search_traits()
    document.title = readable(page.title)
    document.summary = readable(page.summary)
    document.body = readable("\n".join(body_texts(page)))[:MAX_BODY]
    document.terms = readable("\n".join(term_names(page, traits)))
    document.files = file_parts(page)
    document.acronym = readable(traits.acronym)
    document.identifiers = " ".join(identifier for identifier in traits.identifiers if identifier)
    document.dated_on = traits.dated_on
    document.past_after = traits.past_after
    document.review_on = page.review_date
    document.published_at = page.last_published_at


def readable(text: str) -> str:
    """A text that every database and engine stores: no NUL, no lone surrogate."""
    return text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")


def body_texts(page: BasePage) -> Iterator[str]:
    """The texts of the fields of a page, in the order of ``search_fields``."""
    for field in type(page).get_search_fields():
        if isinstance(field, index.SearchField) and field.field_name not in APART:
            yield from flat(field.get_value(page))
        elif isinstance(field, index.RelatedFields) and field.field_name not in COMMON:
            yield from related_texts(field, page)


def related_texts(field: index.RelatedFields, page: BasePage) -> Iterator[str]:
    """The texts of the rows that a page has or leads to."""
    value = field.get_value(page)
    rows: Iterable[Any] = value.all() if isinstance(value, models.Manager | models.QuerySet) else filter(None, [value])
    for row in rows:
        for inner in field.fields:
            if isinstance(inner, index.SearchField):
                yield from flat(inner.get_value(row))


def flat(value: Any) -> Iterator[str]:
    """The texts in a searchable value: a text, or a list of such values."""
    if isinstance(value, str):
        if value.strip() and value != NOTHING:
            yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from flat(item)


def term_names(page: BasePage, traits: SearchTraits) -> Iterator[str]:
    """What a page is and is filed under: kind, themes with their synonyms, programmes, territories, partner."""
    yield str(page._meta.verbose_name)
    for theme in page.themes.all():
        yield from (theme.name, theme.synonyms)
    for programme in page.programmes.all():
        yield from (programme.name, programme.acronym)
    yield from (territory.name for territory in page.territories.all())
    if page.partner_id:
        yield page.partner.name
    yield from traits.terms
