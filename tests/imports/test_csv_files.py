"""Files as French spreadsheets write them."""

import pytest

from territoires_en_commun.imports.csv_files import (
    FileRefused,
    check_content,
    csv_rows,
    detect_encoding,
    detect_separator,
    read_table,
)

TEXT = "Nom;Ville\nL’Œuvre à 10 €;Besançon\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
    ],
)
def test_encoding_is_detected_and_read(codec, found):
    content = TEXT.encode(codec)
    assert detect_encoding(content) == found
    table = read_table(content, found, "point-virgule")
    assert table.header == ("Nom", "Ville")
    assert table.lines[0].cells == ("L’Œuvre à 10 €", "Besançon")


def test_macintosh_file_is_detected_by_bytes_that_windows_lacks():
    assert detect_encoding("Nom;Ville\nÉté;Àé\x8d".encode("mac-roman", "ignore") + b"\x8d\n") == "mac-roman"


def test_wrong_encoding_names_the_line():
    with pytest.raises(FileRefused, match="la ligne 2 a un caractère impossible"):
        read_table(TEXT.encode("cp1252"), "utf-8-sig", "point-virgule")


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1,5;2;3\n", "point-virgule"),
        ("a,b,c\n1,2;5,3\n", "virgule"),
        ('a,b\n"1;2;3",4\n"5;6;7",8\n', "virgule"),
        ("a\tb\n1;2\t3,4\n", "tabulation"),
        ("a|b\n1|2\n", "barre"),
        ("seule\n1\n2\n", "point-virgule"),
    ],
)
def test_separator_is_detected(text, separator):
    assert detect_separator(text) == separator


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "vide"),
        (b" \n\r\n ", "vide"),
        (b"a;b\n" + b"x" * (5 * 1024 * 1024), "limite est de 5 Mo"),
        (b"PK\x03\x04rest", "classeur .XLSX, ODS"),
        (b"\xd0\xcf\x11\xe0rest", "XLS"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressé"),
        (b"\x89PNG\r\n", "image"),
    ],
)
def test_what_is_no_text_is_refused_with_advice(content, message):
    with pytest.raises(FileRefused, match=message):
        check_content(content)


@pytest.mark.parametrize("content", [b"a;b\n\x00\x01\x02", b"\x7fELF\x02\x01\x01\x00", bytes(range(256))])
def test_bytes_that_are_no_text_are_refused(content):
    with pytest.raises(FileRefused, match="n’est pas un texte"):
        detect_encoding(content)


def test_lines_are_those_of_the_spreadsheet():
    content = b'Nom;Note\n\nA;"deux\nlignes"\n;;\nB;fin\n'
    table = read_table(content, "utf-8-sig", "point-virgule")
    assert [(line.number, line.cells[0]) for line in table.lines] == [(3, "A"), (5, "B")]
    assert table.lines[0].cells[1] == "deux\nlignes"


def test_cells_lose_their_spaces_and_short_rows_are_completed():
    table = read_table("Nom ; Ville\n\u00a0Eau \n".encode(), "utf-8-sig", "point-virgule")
    assert table.header == ("Nom", "Ville")
    assert table.lines[0].cells == ("Eau", "")


def test_headers_are_named_once():
    table = read_table(b"Nom;;Nom;Nom;;\na;b;c;d\n", "utf-8-sig", "point-virgule")
    assert table.header == ("Nom", "Colonne 2", "Nom (2)", "Nom (3)")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'a;b\n1;"jamais', "Après la ligne 1, un guillemet"),
        (b'a;b\n1;2\n"x" y;3\n', "Après la ligne 2, un guillemet"),
        (b"a;b\n", "que des en-têtes"),
        (b";;\n;;\n", "vide"),
        (b"a\n" * 20_002, "plus de 20000 lignes"),
        (b";".join(b"c%d" % i for i in range(201)) + b"\n1\n", "201 colonnes"),
    ],
)
def test_unreadable_tables_are_refused_in_french(content, message):
    with pytest.raises(FileRefused, match=message):
        read_table(content, "utf-8-sig", "point-virgule")


def test_written_cells_are_harmless_and_read_back_the_same():
    cells = ["=1+1", "+33 1 02 03 04 05", "-", "@x", "'texte", 'dit "oui";', "deux\nlignes", "été"]
    content = "".join(csv_rows(iter([["h"] * len(cells), cells]))).encode()
    for line in content.decode("utf-8-sig").splitlines()[1:]:
        assert not line.startswith(("=", "+", "-", "@"))
    table = read_table(content, "utf-8-sig", "point-virgule")
    assert list(table.lines[0].cells) == cells
