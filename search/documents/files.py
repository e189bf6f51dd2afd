"""The files that a page gives to its visitors, and what is read in them."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import AbstractDocument
from wagtail.models import CollectionViewRestriction, ReferenceIndex

from search.files.signals import file_text_changed
from search.models import FileText
from territoires_en_commun.base.models import BasePage, CustomDocument, mark_change
from territoires_en_commun.base.streams import RichTextReader, is_rich_text, leaves

from .marks import mark_found

MAX_CHARACTERS = 1_000_000  # of all the files of a page


def documents_of(page: BasePage) -> list[int]:
    """Primary keys of the documents that a page gives or links to, in order; those of private collections left out."""
    found: dict[int, None] = {}
    for leaf in leaves(page):
        if is_rich_text(leaf):
            found |= dict.fromkeys(anchor.document for anchor in RichTextReader(leaf.value).anchors if anchor.document)
        elif _is_document(leaf.kind):
            found[int(leaf.value)] = None
    if not found:
        return []
    public = CustomDocument.objects.filter(pk__in=found)
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        public = public.exclude(collection__path__startswith=path)
    readable = set(public.values_list("pk", flat=True))
    return [pk for pk in found if pk in readable]


def _is_document(kind: Any) -> bool:
    model = getattr(kind, "related_model", None)
    return isinstance(kind, DocumentChooserBlock) or bool(model and issubclass(model, AbstractDocument))


def file_parts(page: BasePage) -> list[dict[str, str]]:
    """What is read in the files of a page: the title of each file, where in it (« page 3 »), and the text there."""
    documents = documents_of(page)
    if not documents:
        return []
    rows = FileText.objects.current().filter(document__in=documents).select_related("document")
    by_document = {row.document_id: row for row in rows}
    parts, left = [], MAX_CHARACTERS
    for pk in documents:
        if row := by_document.get(pk):
            for place, text in zip(row.labels, row.pages, strict=True):
                parts.append({"title": row.document.title, "place": place, "text": text[:left]})
                left -= len(text)
                if left <= 0:
                    return parts
    return [part for part in parts if part["text"]]


@receiver(file_text_changed)
def on_text_read(document_id: int, **_signal: Any) -> None:
    """The text of a file is another: so is that of the pages that show it."""
    _mark_pages_of(CustomDocument(pk=document_id))


@receiver(pre_delete, sender=CustomDocument)
def on_document_deleted(instance: CustomDocument, **_signal: Any) -> None:
    """The pages that showed a file are no longer found by its text."""
    _mark_pages_of(instance)


def _mark_pages_of(document: CustomDocument) -> None:
    sources = ReferenceIndex.get_references_to(document).values_list("base_content_type", "object_id")
    pages = {int(pk) for _type, pk in sources if str(pk).isdecimal()}
    mark_found(BasePage.objects.filter(pk__in=pages, live=True))
    mark_change()
