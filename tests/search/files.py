"""Files built for the tests: real ones, and bad ones."""

import io
import zipfile

import docx
import odfdo
import openpyxl
from docx.enum.text import WD_BREAK
from pypdf import PdfReader, PdfWriter


def pdf(*pages: str) -> bytes:
    """A PDF whose pages each hold a line; an empty line gives a page without text."""
    contents = [f"BT /F1 12 Tf 72 720 Td ({page}) Tj ET" if page else "" for page in pages]
    return pdf_of(*(content.encode("cp1252") for content in contents))


def pdf_of(*contents: bytes, filters: str = "") -> bytes:
    """A PDF from the content streams of its pages, encoded as ``filters`` says."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} {filters} >>\nstream\n".encode() + content + b"\nendstream")
    return _assembled(objects)


def _assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets))
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R ".encode() + trailer)
    out.write(f" >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def encrypted_pdf(content: bytes, password: str, algorithm: str = "RC4-128") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=password, owner_password="proprietaire", algorithm=algorithm)
    return saved(writer.write)


def saved(save) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def docx_file(*pages: str) -> bytes:
    """A DOCX, each page after the first behind a break that its author asked for."""
    document = docx.Document()
    for number, page in enumerate(pages):
        paragraph = document.add_paragraph()
        if number:
            paragraph.add_run().add_break(WD_BREAK.PAGE)
        paragraph.add_run(page)
    return saved(document.save)


def odt_file(*paragraphs: str) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    return saved(document.save)


def xlsx_file(**sheets: list[list]) -> bytes:
    """An XLSX: rows of each sheet, by its name."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(workbook.save)


def changed(archive: bytes, entries: dict[str, bytes]) -> bytes:
    """An archive with some of its entries replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in entries:
                new.writestr(name, old.read(name))
        for name, content in entries.items():
            new.writestr(name, content)
    return out.getvalue()


def entry(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(name)


def office_file(stream: str) -> bytes:
    """The beginning of an OLE file that holds a stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def saved_zip(entries: dict[str, bytes]) -> bytes:
    """An archive of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()
