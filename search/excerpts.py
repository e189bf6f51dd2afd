"""What each result says of the query: its summary, or the sentence of its text or of its files that tells more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from territoires_en_commun.base.models import BasePage

from .models import SearchDocument
from .text.highlighting import Highlighter, most_told


@dataclass(frozen=True)
class Excerpt:
    """Safe HTML; the file it comes from and where in it (« page 3 »), both empty for the page itself."""

    html: SafeString
    file: str = ""
    place: str = ""


def excerpts(pages: Sequence[BasePage], highlighter: Highlighter | None) -> dict[int, Excerpt]:
    """For each page, by primary key, what it says of the query; its summary without one. One query."""
    if highlighter is None:
        return {page.pk: Excerpt(escape(page.summary)) for page in pages}
    documents = SearchDocument.objects.filter(pk__in=[page.pk for page in pages])
    by_pk = {pk: texts for pk, *texts in documents.values_list("pk", "body", "files")}
    return {page.pk: excerpt_of(page, *by_pk.get(page.pk, ("", [])), highlighter) for page in pages}


def excerpt_of(page: BasePage, text: str, files: Sequence[Mapping[str, str]], highlighter: Highlighter) -> Excerpt:
    """The summary when it tells as much as any other text of the page or of its files (text, title, place)."""
    in_summary = highlighter.places(page.summary)
    _first, least = most_told(in_summary)
    summary = Excerpt(highlighter.marked(page.summary, in_summary))
    if least and least == len(highlighter.stems):
        return summary
    body, in_body = highlighter.excerpt(text)
    if in_body > least:
        return Excerpt(body)
    if least:
        return summary
    for part in files:
        html, told = highlighter.excerpt(part["text"])
        if told:
            return Excerpt(html, part["title"], part["place"])
    return summary
