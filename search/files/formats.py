"""How the text of each format is read, page by page. Without Django; each library is imported when it is needed.

A reader takes the path of a file and gives pairs: the label of a page (« page 3 », « feuille Budget », or nothing when
the format does not tell) and the pieces of its text, read as they are asked for. Anything may be raised on a bad file.
"""

import datetime as dt
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .problems import FileProblem, FileRefusedError
from .word_pages import docx_pages, odt_pages

Page = tuple[str, Iterable[str]]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files of before 2007, and those under a password
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
ZIP_ENCRYPTED = 0x1  # bit 0 of the general purpose flag (APPNOTE 4.4.4)


def read_pdf(path: Path) -> Iterator[Page]:
    """The pages of a PDF; one that the empty password opens is read."""
    from pypdf import PdfReader

    with _pypdf_refusals():
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileRefusedError(FileProblem.ENCRYPTED)
        for number, page in enumerate(reader.pages, 1):
            yield f"page {number}", _pdf_text(page)


def _pdf_text(page) -> Iterator[str]:
    with _pypdf_refusals():
        yield page.extract_text()


@contextmanager
def _pypdf_refusals() -> Iterator[None]:
    """What pypdf does not even try: ways to encrypt that it does not know, and streams that unpack to too much."""
    from pypdf.errors import DependencyError, LimitReachedError

    try:
        yield
    except DependencyError as error:
        raise FileRefusedError(FileProblem.ENCRYPTED) from error
    except LimitReachedError as error:
        raise FileRefusedError(FileProblem.TOO_HEAVY) from error


def read_docx(path: Path) -> Iterator[Page]:
    """The pages of a text of Word; its headers, footers and notes are left out."""
    import docx

    with path.open("rb") as file:
        return docx_pages(docx.Document(file).element.body)


def read_odt(path: Path) -> Iterator[Page]:
    """The pages of an OpenDocument text, its notes included; its headers and footers are left out."""
    import odfdo
    from odfdo.security import SecurityError

    if b"encryption-data" in _entry(path, "META-INF/manifest.xml"):  # OpenDocument 1.3, part 2, 4.4
        raise FileRefusedError(FileProblem.ENCRYPTED)
    try:
        document = odfdo.Document(path)
    except SecurityError as error:  # it unpacks to two hundred times its weight, or to too many entries
        raise FileRefusedError(FileProblem.TOO_HEAVY) from error
    styles = [document.get_part("styles.xml").root] if "styles.xml" in document.get_parts() else []
    return odt_pages(document.get_part("content.xml").root, styles)


def read_xlsx(path: Path) -> Iterator[Page]:
    """The sheets that a reader sees; formulas are told by their last result."""
    sys.modules.setdefault("numpy", None)  # openpyxl would load it, for nothing that is read here
    import openpyxl

    with path.open("rb") as file:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                yield f"feuille {sheet.title}", _cells(sheet)


def _cells(sheet) -> Iterator[str]:
    sheet.reset_dimensions()  # those that the file claims may be absurd
    for row in sheet.iter_rows(values_only=True):
        for value in row:
            if isinstance(value, dt.date):
                yield f"{value:%d/%m/%Y}"
            elif value is not None and not isinstance(value, bool):
                yield str(value)


def _entry(path: Path, name: str) -> bytes:
    """An entry of an archive, empty when there is none."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name) if name in archive.namelist() else b""


READERS: dict[str, Callable[[Path], Iterator[Page]]] = {
    "docx": read_docx,
    "odt": read_odt,
    "pdf": read_pdf,
    "xlsx": read_xlsx,
}


def pages_of(path: Path, extension: str, max_bytes: int) -> Iterator[Page]:
    """The pages of a file; raise FileRefusedError when its outside is enough to know that it can't be read."""
    if not path.stat().st_size:
        raise FileRefusedError(FileProblem.EMPTY)
    if extension != "pdf":
        _check_archive(path, max_bytes)
    return READERS[extension](path)


def _check_archive(path: Path, max_bytes: int) -> None:
    """Judge an archive by what it announces: ``zipfile`` gives no more bytes of an entry than that."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            is_encrypted = ENCRYPTED_STREAM in file.read()
            raise FileRefusedError(FileProblem.ENCRYPTED if is_encrypted else FileProblem.OLD_FORMAT)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    if any(entry.flag_bits & ZIP_ENCRYPTED for entry in entries):
        raise FileRefusedError(FileProblem.ENCRYPTED)
    if sum(entry.file_size for entry in entries) > max_bytes:
        raise FileRefusedError(FileProblem.TOO_HEAVY)
