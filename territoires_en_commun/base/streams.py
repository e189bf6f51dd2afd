"""Reading what is stored in streams and rich texts, without fetching what they point at."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock, URLBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock

TEXTS = (models.URLField, RichTextField, StreamField)
GROUPS = (StreamBlock, ListBlock, StructBlock, TypedTableBlock)


class Leaf(NamedTuple):
    """A stored value of a page: the path of its field (« body », « pieces.url »), what it is, and the value itself."""

    field: str
    kind: Block | models.Field
    value: Any


def leaves(page) -> Iterator[Leaf]:
    """The texts, addresses and documents of a page and of the rows edited with it, down to the last blocks."""
    yield from _leaves_of(page, "")
    for relation in get_all_child_relations(type(page)):
        if _fields_of(relation.related_model):
            name = relation.get_accessor_name()
            for child in getattr(page, name).all():
                yield from _leaves_of(child, f"{name}.")


def _fields_of(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if isinstance(field, TEXTS) or _is_document(field)]


def _is_document(field: models.Field) -> bool:
    return isinstance(field, models.ForeignKey) and issubclass(field.related_model, AbstractDocument)


def _leaves_of(instance: models.Model, prefix: str) -> Iterator[Leaf]:
    for field in _fields_of(type(instance)):
        value = getattr(instance, field.attname)
        name = f"{prefix}{field.name}"
        if isinstance(field, StreamField):
            stream = value.get_prep_value() if value else []
            yield from (Leaf(name, block, stored) for block, stored in _stored(field.stream_block, stream))
        elif value:
            yield Leaf(name, field, value)


def _stored(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """The last blocks of a stored value; an image and its alternative text are one."""
    if isinstance(block, GROUPS) and not isinstance(block, ImageBlock):
        for inner, stored in _inside(block, value):
            yield from _stored(inner, stored)
    elif value:
        yield block, value


def _inside(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """What a group of blocks holds; blocks that are no longer known are left out."""
    if isinstance(block, TypedTableBlock):
        yield from _cells(block, value or {})
    elif isinstance(block, StructBlock):
        yield from ((inner, (value or {}).get(name)) for name, inner in block.child_blocks.items())
    elif isinstance(block, ListBlock):
        for item in value or []:
            yield block.child_block, item["value"] if block._item_is_in_block_format(item) else item
    else:
        for child in value or []:
            if inner := block.child_blocks.get(child["type"]):
                yield inner, child["value"]


def _cells(block: TypedTableBlock, table: dict) -> Iterator[tuple[Block, Any]]:
    columns = [block.child_blocks.get(column["type"]) for column in table.get("columns", [])]
    for row in table.get("rows", []):
        yield from ((inner, cell) for inner, cell in zip(columns, row["values"], strict=False) if inner)


def is_rich_text(leaf: Leaf) -> bool:
    return isinstance(leaf.kind, RichTextField | RichTextBlock)


def is_address(leaf: Leaf) -> bool:
    return isinstance(leaf.kind, models.URLField | URLBlock)


class Anchor(NamedTuple):
    """A link of a rich text as it is stored: an address, or a page or document by its key; and its text."""

    href: str
    page: int | None
    document: int | None
    text: str


class RichTextReader(HTMLParser):
    """The links of a rich text as it is stored, and the text that is in none."""

    def __init__(self, html: str):
        super().__init__()
        self.anchors: list[Anchor] = []
        self.text = ""
        self._attributes: dict[str, str | None] | None = None
        self._words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._attributes, self._words = dict(attrs), []

    def handle_endtag(self, tag):
        if tag == "a" and self._attributes is not None:
            kind, key = self._attributes.get("linktype"), _number(self._attributes.get("id"))
            self.anchors.append(
                Anchor(
                    self._attributes.get("href") or "",
                    key if kind == "page" else None,
                    key if kind == "document" else None,
                    " ".join("".join(self._words).split()),
                )
            )
            self._attributes = None

    def handle_data(self, data):
        if self._attributes is None:
            self.text += data
        else:
            self._words.append(data)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
