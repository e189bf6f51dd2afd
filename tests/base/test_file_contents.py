"""An uploaded document is what its extension says, in the library as from the choosers and by several at once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from territoires_en_commun.base.file_contents import OLE, content_refusal
from territoires_en_commun.base.models import CustomDocument

ODT = "application/vnd.oasis.opendocument.text"


def archive(**entries: str) -> bytes:
    """A ZIP of these entries; « __ » stands for a slash, « _dot_ » for a dot."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as written:
        for name, text in entries.items():
            written.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


RIGHT = {
    "note.pdf": b"%PDF-1.7\n%",
    "marked.pdf": b"\xef\xbb\xbf%PDF-1.4",
    "pieces.zip": archive(a="texte"),
    "note.odt": archive(mimetype=ODT),
    "modele.odt": archive(mimetype=f"{ODT}-template"),
    "livre.epub": archive(mimetype="application/epub+zip"),
    "note.docx": archive(word__document_dot_xml="<w/>"),
    "budget.xlsx": archive(xl__workbook_dot_xml="<x/>"),
    "expose.pptx": archive(ppt__presentation_dot_xml="<p/>"),
    "lignes.csv": "commune;été\nGuéret;1".encode("cp1252"),
    "excel.csv": "commune;été".encode("utf-16"),
    "vide.txt": b"",
    "agenda.ics": b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n",
}
WRONG = {
    "note.pdf": b"<html><script>alert(1)</script>",
    "programme.pdf": b"MZ\x90\x00",
    "pieces.zip": b"%PDF-1.4",
    "note.odt": archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "sans-type.odt": archive(a="texte"),
    "livre.epub": b"texte",
    "note.docx": archive(xl__workbook_dot_xml="<x/>"),
    "budget.xlsx": b"commune;nombre",
    "lignes.csv": archive(a="texte" * 10),
    "note.txt": b"\x7fELF\x00\x00",
    "agenda.ics": b"commune;date",
}


@pytest.mark.parametrize("name", RIGHT)
def test_file_that_is_what_its_name_says_is_taken(name):
    file = io.BytesIO(RIGHT[name])
    assert content_refusal(file, name) == ""
    assert file.tell() == 0


@pytest.mark.parametrize("name", WRONG)
def test_file_that_is_something_else_is_refused_by_name(name):
    refusal = content_refusal(io.BytesIO(WRONG[name]), name)
    assert refusal.startswith(f"« {name} » n’est pas un fichier {name.rpartition('.')[2].upper()}")


def test_office_file_under_a_password_says_what_to_do():
    refusal = content_refusal(io.BytesIO(OLE + b"\x00" * 600), "budget.xlsx")
    assert "protégé par un mot de passe" in refusal
    assert "sans mot de passe au format XLSX" in refusal


@pytest.mark.parametrize(("content", "is_right"), [(b"%PDF-1.4", True), (b"<script>alert(1)</script>", False)])
def test_several_at_once_are_judged_too(admin_client, home, content, is_right):
    answer = admin_client.post(
        reverse("wagtaildocs:add_multiple"), {"title": "Note", "files[]": SimpleUploadedFile("note.pdf", content)}
    ).json()
    assert answer["success"] is is_right
    assert ("n’est pas un fichier PDF" in answer.get("error_message", "")) is not is_right


def test_form_of_the_library_says_why(admin_client, home):
    response = admin_client.post(
        reverse("wagtaildocs:add"),
        {"title": "Note", "language": "fr", "file": SimpleUploadedFile("note.pdf", b"GIF89a")},
    )
    assert "« note.pdf » n’est pas un fichier PDF" in response.content.decode()
    assert not CustomDocument.objects.exists()
