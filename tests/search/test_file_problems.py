"""Bad and hostile files: each ends in a reason in French, within its limits."""

import time
import zlib

import pytest

from search.files.extraction import Limits, extract
from search.files.problems import FileProblem
from tests.search.files import (
    changed,
    docx_file,
    encrypted_pdf,
    entry,
    odt_file,
    office_file,
    pdf,
    pdf_of,
    saved_zip,
    xlsx_file,
)

pytestmark = pytest.mark.any_database

LIMITS = Limits(pages=300, characters=1_000_000, seconds=20, memory_mb=512)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"lol" * 1000,
    b"".join(
        b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 100)
        for before, name in zip([b"a", b"b", b"c", b"d"], [b"b", b"c", b"d", b"e"], strict=True)
    ),
)
SECRET = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.fixture
def read(tmp_path):
    """``read(content, extension)``: what is read of a file; limits may be given."""

    def extracted(content: bytes, extension: str, **limits):
        path = tmp_path / "fichier"
        path.write_bytes(content)
        return extract(path, extension, Limits(**{**vars(LIMITS), **limits}))

    return extracted


def odt_under_password() -> bytes:
    archive = odt_file("Secret")
    manifest = entry(archive, "META-INF/manifest.xml").replace(
        b"</manifest:manifest>",
        b'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        b'<manifest:encryption-data manifest:checksum="0"/></manifest:file-entry></manifest:manifest>',
    )
    return changed(archive, {"META-INF/manifest.xml": manifest, "content.xml": bytes(range(256))})


def zip_under_password() -> bytes:
    """The flag of encryption on each entry of a DOCX."""
    archive = bytearray(docx_file("Secret"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = archive.find(mark)
        while start >= 0:
            archive[start + at] |= 1
            start = archive.find(mark, start + 4)
    return bytes(archive)


def with_entity(archive: bytes, name: str, doctype: bytes) -> bytes:
    """An XML part whose first text is an entity."""
    part = entry(archive, name).replace(b"ICI", b"&e;")
    declaration, _, rest = part.partition(b"?>")
    return changed(archive, {name: declaration + b"?>" + doctype + rest})


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (encrypted_pdf(pdf("Secret"), password="secret"), "pdf"),
        (encrypted_pdf(pdf("Secret"), "secret", "AES-128"), "pdf"),
        (encrypted_pdf(pdf("Secret"), "secret", "AES-256"), "pdf"),
        (office_file("EncryptedPackage"), "xlsx"),
        (office_file("EncryptedPackage"), "docx"),
        (odt_under_password(), "odt"),
        (zip_under_password(), "docx"),
    ],
)
def test_encrypted_file_is_said_to_be(read, content, extension):
    extraction = read(content, extension)

    assert (extraction.problem, extraction.pages) == (FileProblem.ENCRYPTED, [])
    assert extraction.problem.label == "Protégé par un mot de passe ou chiffré"


def test_old_office_file_is_said_to_be(read):
    assert read(office_file("WordDocument"), "docx").problem == FileProblem.OLD_FORMAT


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (docx_file("Texte"), "pdf"),
        (pdf("Texte"), "docx"),
        (pdf("Texte"), "odt"),
        (pdf("Texte"), "xlsx"),
        (xlsx_file(A=[["Texte"]]), "docx"),
        (docx_file("Texte"), "xlsx"),
        (docx_file("Texte"), "odt"),
        (saved_zip({"rien.txt": b"rien"}), "docx"),
        (docx_file("Texte")[:2000], "docx"),
        (odt_file("Texte")[:2000], "odt"),
        (xlsx_file(A=[["Texte"]])[:2000], "xlsx"),
        (pdf("Texte")[:60], "pdf"),
        (pdf("Texte").partition(b"xref")[0], "pdf"),
        (b"%PDF-1.7\n%%EOF", "pdf"),
        (bytes(1000), "pdf"),
        (b"\xff" * 1000, "xlsx"),
        (pdf("Texte"), "exe"),
        (changed(docx_file(""), {"word/document.xml": b"<w:document"}), "docx"),
        (changed(odt_file(""), {"content.xml": b"<a>" * 300}), "odt"),
        (
            changed(xlsx_file(A=[["Texte"]]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='x'>"}),
            "xlsx",
        ),
    ],
)
def test_broken_or_disguised_file_is_said_to_be(read, content, extension):
    extraction = read(content, extension)

    assert extraction.problem == FileProblem.UNREADABLE
    assert extraction.problem.label == "Abîmé, ou pas du format que dit son nom"
    assert [page for page in extraction.pages if page] == []


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"", "pdf"),
        (b"", "docx"),
        (pdf_of(), "pdf"),
        (pdf("", ""), "pdf"),
        (docx_file(""), "docx"),
        (odt_file(""), "odt"),
        (xlsx_file(Vide=[]), "xlsx"),
    ],
)
def test_file_without_text_is_said_to_be(read, content, extension):
    extraction = read(content, extension)

    assert extraction.problem == FileProblem.EMPTY
    assert "".join(extraction.pages) == ""


def test_a_broken_sheet_leaves_the_others_be(read):
    content = xlsx_file(A=[["Un"]], B=[["Deux"]])
    sheet = entry(content, "xl/worksheets/sheet1.xml").replace(b"</row>", b"<row>")
    content = changed(content, {"xl/worksheets/sheet1.xml": sheet})

    extraction = read(content, "xlsx")

    assert (extraction.pages, extraction.problem) == (["", "Deux"], FileProblem.UNREADABLE)


BOMBS = {  # made when they are used: it takes seconds
    "docx": lambda: changed(docx_file(""), {"word/media/a.xml": bytes(600_000_000)}),
    "odt": lambda: changed(odt_file(""), {"content.xml": b" " * 600_000_000}),
    "pdf": lambda: pdf_of(zlib.compress(bytes(100_000_000)), filters="/Filter /FlateDecode"),
}


@pytest.mark.parametrize("extension", BOMBS)
def test_bomb_is_refused_at_once(read, extension):
    content = BOMBS[extension]()
    started = time.monotonic()
    extraction = read(content, extension)

    assert (extraction.problem, extraction.pages) == (FileProblem.TOO_HEAVY, [])
    assert time.monotonic() - started < 10


def greedy(archive: bytes, name: str, paragraph: bytes) -> bytes:
    """A file of four million empty paragraphs: small, and small once unpacked, but not once parsed."""
    part = entry(archive, name)
    start = part.index(paragraph.rstrip(b"/>"))
    return changed(archive, {name: part[:start] + paragraph * 4_000_000 + part[start:]})


@pytest.mark.parametrize(
    ("archive", "extension", "name", "paragraph"),
    [
        (docx_file(""), "docx", "word/document.xml", b"<w:p/>"),
        (odt_file(""), "odt", "content.xml", b"<text:p/>"),
    ],
    ids=["docx", "odt"],
)
def test_file_that_asks_for_too_much_memory_is_stopped(read, archive, extension, name, paragraph):
    assert read(greedy(archive, name, paragraph), extension, memory_mb=150).problem == FileProblem.TOO_HEAVY


def test_endless_pdf_is_stopped_and_what_was_read_is_kept(read):
    endless = b"BT /F1 12 Tf " + b"1 0 0 1 5 5 Tm (a) Tj " * 400_000 + b"ET"
    started = time.monotonic()

    extraction = read(pdf_of(b"BT /F1 12 Tf (Avant) Tj ET", endless), "pdf", seconds=2)

    assert time.monotonic() - started < 5
    assert (extraction.pages, extraction.problem, extraction.truncated) == (["Avant"], FileProblem.TOO_LONG, True)
    assert extraction.problem.label == "Trop long à lire"


def test_pages_of_a_pdf_that_hold_themselves_are_refused(read):
    looped = pdf("Texte").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")

    assert read(looped, "pdf", seconds=5).problem == FileProblem.UNREADABLE


@pytest.mark.parametrize("doctype", [ENTITIES, SECRET])
@pytest.mark.parametrize(
    ("content", "extension", "name"),
    [
        (docx_file("ICI"), "docx", "word/document.xml"),
        (odt_file("ICI"), "odt", "content.xml"),
        (xlsx_file(ICI=[["Texte"]]), "xlsx", "xl/workbook.xml"),
    ],
)
def test_entities_neither_swell_nor_read_other_files(read, content, extension, name, doctype):
    extraction = read(with_entity(content, name, doctype), extension)

    assert "".join(extraction.pages) == ""
    assert extraction.problem in (FileProblem.UNREADABLE, FileProblem.EMPTY)


def test_a_sheet_that_claims_a_million_rows_is_read(read):
    content = xlsx_file(A=[["Texte"]])
    sheet = entry(content, "xl/worksheets/sheet1.xml").replace(b'ref="A1"', b'ref="A1:XFD1048576"')

    extraction = read(changed(content, {"xl/worksheets/sheet1.xml": sheet}), "xlsx", seconds=10)

    assert (extraction.pages, extraction.problem) == (["Texte"], "")
