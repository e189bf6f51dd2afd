"""Small files of the demonstration: open documents and PDF composed from a text.

In the text, « # » opens the title, « ## » a heading and « - » an item of a list; any other line is a paragraph.
"""

import io
import textwrap
from collections.abc import Iterator
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

ODT = "application/vnd.oasis.opendocument.text"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" '
    f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
META = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="{OASIS}:office:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"><office:meta><dc:title>{title}</dc:title>'
    "<dc:language>fr-FR</dc:language></office:meta></office:document-meta>"
)
CONTENT = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{OASIS}:office:1.0" '
    f'xmlns:text="{OASIS}:text:1.0" office:version="1.2"><office:body><office:text>'
    "{body}</office:text></office:body></office:document-content>"
)
# What a line of the PDF looks like: size in points, characters in a line, space before in points, font.
STYLES = {
    "title": (20, 42, 0, "F2"),
    "heading": (13, 66, 12, "F2"),
    "item": (11, 78, 2, "F1"),
    "text": (11, 82, 4, "F1"),
}
PAGE_HEIGHT, MARGIN = 842, 60  # points; A4


def read_lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a text, each with its style."""
    for line in filter(None, map(str.strip, text.splitlines())):
        for mark, style in (("## ", "heading"), ("# ", "title"), ("- ", "item")):
            if line.startswith(mark):
                yield style, line.removeprefix(mark)
                break
        else:
            yield "text", line


def odt(text: str) -> bytes:
    """A text as an OpenDocument file: real headings and lists, for assistive technologies too."""
    lines = list(read_lines(text))
    tags = {
        "title": '<text:h text:outline-level="1">{}</text:h>',
        "heading": '<text:h text:outline-level="2">{}</text:h>',
        "item": "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>",
        "text": "<text:p>{}</text:p>",
    }
    body = "".join(tags[style].format(escape(line)) for style, line in lines)
    body = body.replace("</text:list><text:list>", "")
    output = io.BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODT, compress_type=ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("meta.xml", META.format(title=escape(lines[0][1])))
        archive.writestr("content.xml", CONTENT.format(body=body))
    return output.getvalue()


def pdf(text: str) -> bytes:
    """A text as a plain PDF, in Helvetica: readable, and without the tags that would make it accessible."""
    pages = [[]]
    top = PAGE_HEIGHT - MARGIN
    for style, line in read_lines(text):
        size, width, before, font = STYLES[style]
        top -= before
        for part in textwrap.wrap(f"– {line}" if style == "item" else line, width):
            top -= size * 1.35
            if top < MARGIN:
                pages.append([])
                top = PAGE_HEIGHT - MARGIN - size
            pages[-1].append(f"BT /{font} {size} Tf {MARGIN} {top:.1f} Td ({pdf_text(part)}) Tj ET")
    return assemble([("\n".join(page)).encode("cp1252", "replace") for page in pages])


def pdf_text(text: str) -> str:
    """A text inside a PDF string (ISO 32000, 7.3.4.2)."""
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def assemble(pages: list[bytes]) -> bytes:
    """The objects of a PDF and their table of offsets (ISO 32000, 7.5)."""
    kids = " ".join(f"{5 + 2 * rank} 0 R" for rank in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        (font % "Helvetica").encode(),
        (font % "Helvetica-Bold").encode(),
    ]
    common = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
    for rank, content in enumerate(pages):
        page = f"<< {common} /Contents {6 + 2 * rank} 0 R >>"
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    output, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, data in enumerate(objects, start=1):
        offsets.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(output)}\n%%EOF\n"
    return bytes(output) + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()
