"""The index on disk that the processes of one machine share: words of every page, no service to run.

Texts are analysed here (``search.text.analysis``) and given to tantivy as stems between spaces. One process writes at
a time, under a lock on a file; the others go on reading, and read the new state when there is one. ``state.json``
holds the last batch written, and its token: what is unknown to the database makes the index start again.
"""

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.models import SearchDocument
from search.text.analysis import fold, stems, words

VERSION = 2  # of what follows: another one starts another folder
STEMMED = ("title", "summary", "body", "terms", "files")
HEAP = 30_000_000  # bytes that the writer takes before it writes to the disk

logger = logging.getLogger(__name__)


def make_schema() -> tantivy.Schema:
    """``pk``; stems of each text; words as they are typed, for prefixes and corrections; what is found whole."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("pk", fast=True, indexed=True)
    for name in STEMMED:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("exact", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("acronym", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    return builder.build()


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """A document as it is indexed."""
    texts = {
        "title": document.title,
        "summary": document.summary,
        "body": document.body,
        "terms": document.terms,
        "files": " ".join(page["text"] for page in document.files),
    }
    found = tantivy.Document()
    found.add_unsigned("pk", document.pk)
    for name, text in texts.items():
        found.add_text(name, " ".join(stems(text)))
    title = " ".join(words(document.title))
    found.add_text("exact", title)
    found.add_text("words", " ".join(dict.fromkeys(word for text in texts.values() for word in words(text))))
    found.add_text("acronym", fold(document.acronym))
    for whole in (title, fold(document.acronym), *document.identifiers.split()):
        if whole:
            found.add_text("whole", whole)
    return found


@dataclass
class Position:
    """How far an index followed the changes: the number and the token of the last batch."""

    batch: int = 0
    token: str = ""


class EmbeddedIndex:
    """The index in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder / f"v{VERSION}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._index: tantivy.Index | None = None
        self._seen = 0

    @property
    def index(self) -> tantivy.Index:
        """The index as it is on the disk now."""
        if self._index is None:
            self._index = self._opened()
            self._index.config_reader(reload_policy="manual")
        if (written := self.written()) != self._seen:
            self._index.reload()
            self._seen = written
        return self._index

    @property
    def state(self) -> int:
        """What changes when the index was written."""
        return self._seen

    def _opened(self) -> tantivy.Index:
        try:
            return tantivy.Index(make_schema(), path=str(self.folder))
        except (ValueError, OSError):  # files damaged by a full disk or a sudden end: the database has everything
            logger.exception("Index de recherche illisible, refait : %s", self.folder)
            shutil.rmtree(self.folder)
            self.folder.mkdir(parents=True)
            return tantivy.Index(make_schema(), path=str(self.folder))

    def written(self) -> int:
        """When the files last changed, by this process or another: nanoseconds, 0 when there are none."""
        try:
            return os.stat(self.folder / "meta.json").st_mtime_ns
        except FileNotFoundError:
            return 0

    def searcher(self) -> tantivy.Searcher:
        """The documents as they are now."""
        return self.index.searcher()

    @property
    def position(self) -> Position:
        """The last batch written here."""
        try:
            return Position(**json.loads((self.folder / "state.json").read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return Position()

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """True when this process may write: no other does, and none will until the end of the block."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def write(self, documents: Iterable[SearchDocument], position: Position, *, anew: bool = False) -> None:
        """Write these documents over their former state, and how far that leads; ``anew`` forgets all the others."""
        writer = self.index.writer(HEAP, 1)
        try:
            if anew:
                writer.delete_all_documents()
            for document in documents:
                if not anew:
                    # Not by term: that deletes nothing on a field of numbers (tantivy 0.27).
                    former = tantivy.Query.term_query(self.index.schema, "pk", document.pk)
                    writer.delete_documents_by_query(former)
                if not document.is_gone:
                    writer.add_document(to_tantivy(document))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        self._note(position)

    def _note(self, position: Position) -> None:
        written = self.folder / "state.json.new"
        written.write_text(json.dumps(vars(position)))
        written.replace(self.folder / "state.json")
