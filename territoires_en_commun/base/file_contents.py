"""Whether the contents of an uploaded file are what its extension says (SEC-7)."""

import zipfile
from collections.abc import Callable
from typing import BinaryIO

HEAD = 64 * 1024  # bytes looked at
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files of before 2007, and those under a password
TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, whose texts hold null bytes
# What a file of these formats holds under « mimetype » (OpenDocument 1.3 part 2, 3.3; EPUB OCF 3.3, 4.3).
MIME_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
}
# The folder of the main part of an Office Open XML file (ECMA-376, part 1, 11.2).
OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}

MISMATCH = "« {name} » n’est pas un fichier {format} : son contenu ne correspond pas à son extension."
PROTECTED = (
    "« {name} » est protégé par un mot de passe ou vient d’une ancienne version d’Office : "
    "enregistrez-le sans mot de passe au format {format}."
)


def content_refusal(file: BinaryIO, name: str) -> str:
    """Why a file is not what its name says, in French; empty when it is. The file is left at its beginning."""
    extension = name.rpartition(".")[2].lower()
    head = file.read(HEAD)
    file.seek(0)
    is_right = _is_right(extension)(file, head)
    file.seek(0)
    if is_right:
        return ""
    message = PROTECTED if extension in OFFICE_FOLDERS and head.startswith(OLE) else MISMATCH
    return message.format(name=name, format=extension.upper())


def _is_right(extension: str) -> Callable[[BinaryIO, bytes], bool]:
    if extension == "pdf":
        return lambda _file, head: b"%PDF-" in head[:1024]
    if extension == "zip":
        return lambda file, _head: zipfile.is_zipfile(file)
    if extension in MIME_TYPES:
        return lambda file, _head: _mime_type(file).startswith(MIME_TYPES[extension])
    if extension in OFFICE_FOLDERS:
        return lambda file, _head: any(name.startswith(OFFICE_FOLDERS[extension]) for name in _names(file))
    if extension == "ics":
        return lambda _file, head: head.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")
    return lambda _file, head: b"\x00" not in head or head.startswith(TEXT_MARKS)


def _names(file: BinaryIO) -> list[str]:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def _mime_type(file: BinaryIO) -> str:
    """The text of the entry « mimetype », empty when there is none; templates add « -template » to it."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open("mimetype") as entry:
            return entry.read(200).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError):
        return ""
