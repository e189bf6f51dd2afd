"""The text of real files: pages, labels, what is left out."""

import datetime as dt

import pytest

from search.files.extraction import Limits, extract
from search.files.texts import plain
from tests.search.files import changed, docx_file, encrypted_pdf, entry, odt_file, pdf, saved_zip, xlsx_file

pytestmark = pytest.mark.any_database

LIMITS = Limits(pages=300, characters=1_000_000, seconds=30, memory_mb=512)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def read(tmp_path):
    """``read(content, extension)``: what is read of a file; limits may be given."""

    def extracted(content: bytes, extension: str, **limits):
        path = tmp_path / "fichier"
        path.write_bytes(content)
        return extract(path, extension, Limits(**{**vars(LIMITS), **limits}))

    return extracted


def told(extraction) -> list[tuple[str, str]]:
    assert extraction.problem == ""
    return list(zip(extraction.labels, extraction.pages, strict=True))


def test_pdf_is_read_page_by_page(read):
    extraction = read(pdf("Règlement de l’aide", "", "Pièces à joindre"), "pdf")

    assert told(extraction) == [("page 1", "Règlement de l’aide"), ("page 2", ""), ("page 3", "Pièces à joindre")]
    assert not extraction.truncated


def test_pdf_that_its_owner_alone_may_change_is_read(read):
    for algorithm in ("RC4-128", "AES-128", "AES-256"):
        assert told(read(encrypted_pdf(pdf("Guide"), "", algorithm), "pdf")) == [("page 1", "Guide")]


def test_docx_is_cut_where_its_author_asked_without_numbers(read):
    assert told(read(docx_file("Convention", "Annexe"), "docx")) == [("", "Convention"), ("", "Annexe")]


def docx_with(body: str) -> bytes:
    return changed(docx_file(""), {"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"})


def test_docx_laid_out_by_word_has_numbered_pages(read):
    content = docx_with(
        "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>Un</w:t></w:r></w:p>"
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>De</w:t></w:r><w:r><w:t>ux</w:t></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:drawing/></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Quatre</w:t><w:tab/><w:t>fin</w:t></w:r></w:p>"
    )

    assert told(read(content, "docx")) == [
        ("page 1", "Un"),
        ("page 2", "Deux"),
        ("page 3", ""),
        ("page 4", "Quatre fin"),
    ]


def test_docx_gives_neither_deleted_text_nor_the_second_copy_of_text_boxes(read):
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    content = docx_with(
        "<w:p><w:r><w:t>Gardé</w:t></w:r><w:del><w:r><w:delText>Supprimé</w:delText></w:r></w:del></w:p>"
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="{markup}"><mc:Choice><w:t>Encadré</w:t></mc:Choice>'
        "<mc:Fallback><w:t>Encadré</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Case</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )

    assert told(read(content, "docx")) == [("", "Gardé Encadré Case")]


def odt_with(body: str, styles: str = "") -> bytes:
    archive = odt_file("")
    root = entry(archive, "content.xml").decode()
    head = root[root.index("<office:document-content") : root.index(">", root.index("<office:document-content")) + 1]
    content = (
        f"{head}<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return changed(archive, {"content.xml": content})


def test_odt_is_one_page_when_it_tells_nothing(read):
    assert told(read(odt_file("Une école", "Deux écoles"), "odt")) == [("", "Une école Deux écoles")]


def test_smallest_odt_is_read(read):
    """Neither styles nor other parts, which the format lets out."""
    archive = odt_file("Une école")
    names = ("mimetype", "META-INF/manifest.xml", "content.xml")

    assert told(read(saved_zip({name: entry(archive, name) for name in names}), "odt")) == [("", "Une école")]


def test_odt_laid_out_by_its_word_processor_has_numbered_pages(read):
    styles = (
        '<style:style style:name="P1" style:family="paragraph">'
        '<style:paragraph-properties fo:break-before="page"/></style:style>'
        '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="P1"/>'
    )
    content = odt_with(
        '<text:p text:style-name="P1">Un<text:s text:c="3"/>et <text:span>de</text:span>mi</text:p>'
        "<text:p>suite<text:soft-page-break/>deux</text:p>"
        '<text:h text:style-name="P2">Trois</text:h>',
        styles,
    )

    assert told(read(content, "odt")) == [("page 1", "Un et demi suite"), ("page 2", "deux"), ("page 3", "Trois")]


def test_odt_gives_neither_deleted_text_nor_comments(read):
    content = odt_with(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Supprimé</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><!-- rien -->"
        "<text:p>Gardé<office:annotation><text:p>Remarque</text:p></office:annotation>,"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p></text:note-body>"
        "</text:note> fin</text:p>"
    )

    assert told(read(content, "odt")) == [("", "Gardé,Note fin")]


def test_xlsx_is_read_sheet_by_sheet(read):
    content = xlsx_file(
        Budget=[["Poste", "Montant"], ["Voirie", 1250], [None, dt.date(2026, 11, 3), True]], Notes=[["Voté"]]
    )

    assert told(read(content, "xlsx")) == [
        ("feuille Budget", "Poste Montant Voirie 1250 03/11/2026"),
        ("feuille Notes", "Voté"),
    ]


def test_xlsx_gives_results_not_formulas(read):
    content = xlsx_file(Total=[["Somme", "=1+1"], ["Suite", "=2+2"]])
    assert told(read(content, "xlsx")) == [("feuille Total", "Somme Suite")]

    sheet = entry(content, "xl/worksheets/sheet1.xml").decode()
    computed = sheet.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>").replace(
        "<f>1+1</f><v />", "<f>1+1</f><v>2</v>"
    )
    assert computed != sheet
    assert told(read(changed(content, {"xl/worksheets/sheet1.xml": computed}), "xlsx")) == [
        ("feuille Total", "Somme 2 Suite")
    ]


def test_xlsx_does_not_show_what_it_hides(read):
    content = xlsx_file(Visible=[["Public"]], Cachée=[["Brouillon"]])
    workbook = entry(content, "xl/workbook.xml").decode()
    hidden = workbook.replace('name="Cachée" sheetId="2" state="visible"', 'name="Cachée" sheetId="2" state="hidden"')
    assert hidden != workbook

    assert told(read(changed(content, {"xl/workbook.xml": hidden}), "xlsx")) == [("feuille Visible", "Public")]


def test_pages_and_characters_are_limited(read):
    long = read(pdf("Un", "Deux", "Trois"), "pdf", pages=2)
    assert (long.pages, long.problem, long.truncated) == (["Un", "Deux"], "", True)

    whole = read(pdf("Un", "Deux"), "pdf", pages=2, characters=6)
    assert (whole.pages, whole.problem, whole.truncated) == (["Un", "Deux"], "", False)

    cut = read(pdf("Un", "Deux", "Trois"), "pdf", characters=5)
    assert (cut.pages, cut.problem, cut.truncated) == (["Un", "Deu"], "", True)


def test_texts_are_plain():
    assert plain("Une\u00a0 \t\n école\x00\ud800\u202e\ufeff\uf0b7 ef\ufb01cace") == "Une école efficace"
    assert plain("e\u0301cole") == "école"
    assert plain("« 2 m² »") == "« 2 m² »"
