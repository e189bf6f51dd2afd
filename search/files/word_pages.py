"""The pages of texts written in a word processor, as far as the file tells where they end. Without Django."""

from collections.abc import Iterator
from enum import Enum, auto

PARAGRAPH_END = "\n"


class Mark(Enum):
    """Where a page ends: the author asked for it, or the word processor noted it when it last laid the text out."""

    ASKED = auto()
    BEGINNING = auto()  # asked by a paragraph or a table that begins a page: nothing more at the top of the text
    LAID_OUT = auto()
    DRAWING = auto()  # no end: something that is not text, but fills the page


def split_pages(tokens: Iterator[str | Mark]) -> Iterator[tuple[str, list[str]]]:
    """Pages, numbered when the word processor noted all their ends: those asked for alone would tell wrong numbers.

    Word notes an end that was asked for too, right after it: they count for one.
    """
    pages: list[list[str]] = [[]]
    is_laid_out = is_fresh = is_started = False
    for token in tokens:
        if isinstance(token, str):
            pages[-1].append(token)
            has_text = bool(token.strip())
            is_fresh, is_started = is_fresh and not has_text, is_started or has_text
            continue
        is_asked = token is Mark.ASKED or (token is Mark.BEGINNING and is_started)
        if is_asked or (token is Mark.LAID_OUT and not is_fresh):
            pages.append([])
        is_laid_out = is_laid_out or token is Mark.LAID_OUT
        is_fresh, is_started = is_asked, is_started or token is not Mark.BEGINNING
    for number, pieces in enumerate(pages, 1):
        yield f"page {number}" if is_laid_out else "", ["".join(pieces)]


# DOCX: Office Open XML (ECMA-376, part 1, 17)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # what is there already, otherwise
NOT_READ = {FALLBACK, f"{W}del", f"{W}moveFrom"}
WORDS = {f"{W}tab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DRAWINGS = {f"{W}drawing", f"{W}pict", f"{W}object"}
NO = {"0", "false", "off"}


def docx_pages(body) -> Iterator[tuple[str, list[str]]]:
    """The pages of the body of a document, an element of lxml."""
    return split_pages(_docx_tokens(body))


def _docx_tokens(element) -> Iterator[str | Mark]:
    tag = element.tag
    if tag in NOT_READ:
        return
    if tag in DRAWINGS:
        yield Mark.DRAWING
    if tag == f"{W}t":
        yield element.text or ""
    elif tag in WORDS:
        yield WORDS[tag]
    elif tag == f"{W}br":
        yield Mark.ASKED if element.get(f"{W}type") == "page" else "\n"
    elif tag == f"{W}lastRenderedPageBreak":
        yield Mark.LAID_OUT
    elif tag == f"{W}pageBreakBefore" and element.get(f"{W}val") not in NO:
        yield Mark.BEGINNING
    for child in element:
        yield from _docx_tokens(child)
    if tag == f"{W}p":
        yield PARAGRAPH_END


# ODT: OpenDocument 1.3, part 3

SKIPPED = {"office:annotation", "office:annotation-end", "text:tracked-changes", "text:note-citation"}
PARAGRAPHS = {"text:p", "text:h"}
STYLED = {"text:p": "text:style-name", "text:h": "text:style-name", "table:table": "table:style-name"}
SPACES = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}


def odt_pages(content, styles: list) -> Iterator[tuple[str, list[str]]]:
    """The pages of a text, from the root of its content and that of its shared styles if it has some (odfdo)."""
    return split_pages(_odt_tokens(content.document_body, _breaking_styles(content, *styles)))


def _odt_tokens(element, breaking: set[str]) -> Iterator[str | Mark]:
    tag = element.tag
    if tag in SKIPPED:
        return
    if tag in STYLED and element.get_attribute(STYLED[tag]) in breaking:
        yield Mark.BEGINNING
    if tag == "text:soft-page-break":
        yield Mark.LAID_OUT
    elif tag == "draw:frame":
        yield Mark.DRAWING
    yield SPACES.get(tag) or element.text or ""
    for child in element.get_elements("*"):  # not its comments, which odfdo can’t hold
        yield from _odt_tokens(child, breaking)
        yield child.tail or ""
    if tag in PARAGRAPHS:
        yield PARAGRAPH_END


def _breaking_styles(*roots) -> set[str]:
    """The names of the styles, inherited ones included, that begin a page."""
    found, parents = set(), {}
    for root in roots:
        for style in root.get_elements("//style:style"):
            name = style.get_attribute("style:name")
            parents[name] = style.get_attribute("style:parent-style-name")
            breaks = style.get_elements("*[@fo:break-before='page']")
            if breaks or style.get_attribute("style:master-page-name"):
                found.add(name)
    while inherited := {name for name, parent in parents.items() if parent in found} - found:
        found |= inherited
    return found
