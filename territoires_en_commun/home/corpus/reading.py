"""Reading a file of documents: one JSON object a line, each wrong line named."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape

from territoires_en_commun.base.models import BasePage

MAX_TITLE = BasePage._meta.get_field("title").max_length
MAX_REF = BasePage._meta.get_field("external_ref").max_length
MAX_SUMMARY = BasePage._meta.get_field("summary").max_length
# What no text means and PostgreSQL or UTF-8 refuses: control characters but tabs and line ends, lone surrogates.
UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
SPACES = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")  # those that may be broken


@dataclass(frozen=True)
class Document:
    """A line of the file, ready for a page; ``html`` is its body, ``themes`` are names or slugs as they came."""

    line: int
    ref: str
    title: str
    summary: str
    html: str
    themes: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Refusal:
    """A line that cannot be loaded, and why, in French."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.line} : {self.reason}"


@dataclass
class Corpus:
    """What a file holds: its documents in order, the lines refused, and remarks in French on those changed."""

    documents: list[Document] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class WrongLine(Exception):  # noqa: N818 - it reads as what happened
    """A line is not a document; the message says why, in French."""


def read_corpus(lines: Iterable[bytes]) -> Corpus:
    """The documents of a file in UTF-8; blank lines are left out."""
    corpus, seen = Corpus(), {}
    for number, line in enumerate(lines, start=1):
        raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not raw.strip():
            continue
        try:
            entry = parse(raw)
            document = document_of(number, entry)
            if document.ref in seen:
                raise WrongLine(f"l’identifiant « {document.ref} » est déjà à la ligne {seen[document.ref]}.")
        except WrongLine as error:
            corpus.refusals.append(Refusal(number, str(error)))
            continue
        seen[document.ref] = number
        corpus.documents.append(document)
        if document.title != one_line(entry["title"]):
            corpus.remarks.append(f"ligne {number} : titre coupé à {MAX_TITLE} caractères.")
    return corpus


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object of a line; raise WrongLine."""
    try:
        entry = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise WrongLine("ce n’est pas du texte en UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise WrongLine("ce n’est pas du JSON.") from error
    if not isinstance(entry, dict):
        raise WrongLine("ce n’est pas un objet JSON.")
    return entry


def document_of(line: int, entry: dict[str, Any]) -> Document:
    """The document that a JSON object describes; raise WrongLine for what is missing or of a wrong type."""
    ref, title = ref_of(entry.get("id")), one_line(text_of(entry, "title"))
    if not title:
        raise WrongLine("« title » manque.")
    intro, body, themes = text_of(entry, "intro"), text_of(entry, "body"), entry.get("themes") or []
    if not isinstance(themes, list) or not all(isinstance(theme, str) for theme in themes):
        raise WrongLine("« themes » doit être une liste de textes.")
    names = [name for theme in themes if (name := one_line(theme))]
    summary = one_line(intro)
    shown = [*(paragraphs(intro) if len(summary) > MAX_SUMMARY else ()), *paragraphs(body)]
    html = "".join(f"<p>{escape(text)}</p>" for text in shown)
    return Document(line, ref, cut(title, MAX_TITLE), cut(summary, MAX_SUMMARY), html, tuple(dict.fromkeys(names)))


def ref_of(value: Any) -> str:
    """The identifier of a document, a text or a whole number; raise WrongLine."""
    if value is None or value == "":
        raise WrongLine("« id » manque.")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongLine("« id » doit être un texte ou un nombre entier.")
    ref = str(value)
    if ref != one_line(ref):
        raise WrongLine("« id » contient des espaces de trop ou des caractères illisibles.")
    if len(ref) > MAX_REF:
        raise WrongLine(f"« id » dépasse {MAX_REF} caractères.")
    return ref


def text_of(entry: dict[str, Any], name: str) -> str:
    """A text of the object, empty when it is absent; raise WrongLine when it is something else."""
    value = entry.get(name)
    if value is not None and not isinstance(value, str):
        raise WrongLine(f"« {name} » doit être un texte.")
    return value or ""


def one_line(text: str) -> str:
    """A text without line ends, spaces in excess nor characters that nobody can read."""
    return SPACES.sub(" ", UNREADABLE.sub(" ", text)).strip()


def paragraphs(text: str) -> Iterator[str]:
    """The lines of a text that say something."""
    return (line for part in text.splitlines() if (line := one_line(part)))


def cut(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters, cut at a word and ended by « … » when it was longer."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if text[limit - 1] != " ":
        kept = kept.rpartition(" ")[0] or kept
    return f"{kept.rstrip(' ,;:')}…"
