"""The CSV of a listing: exactly the filtered rows, harmless, readable by French spreadsheets."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from territoires_en_commun.imports.csv_files import FORMULA_STARTS, safe_cell
from tests.base.listing_site import add_page, listing_of, make_section, titles
from tests.factories import ProgrammeFactory, ThemeFactory


def rows_of(response):
    """The lines of the file, as a spreadsheet under a French locale reads them."""
    content = b"".join(response).decode("utf-8")
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:], newline=""), delimiter=";"))


@pytest.fixture
def section(small_france):
    section = make_section("Accueil")
    water = ThemeFactory(name="Eau", slug="eau")
    energy = ThemeFactory(name="Énergie", slug="energie")
    programme = ProgrammeFactory(name="Villages d’avenir", slug="villages-d-avenir")
    add_page(
        section,
        "=SOMME(A1:A9)",
        themes=[energy, water],
        programmes=[programme],
        territories=[small_france["commune:44109"]],
        summary='Un "résumé" ; sur\ndeux lignes',
    )
    add_page(section, "Puits", themes=[water], day=1)
    add_page(section, "Éolienne", themes=[energy], day=2)
    return section


@pytest.mark.django_db
def test_export_holds_exactly_the_filtered_rows_in_order(client, section):
    response = client.get("/recherche/?thematique=eau&tri=recent&export=csv")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="resultats-')
    assert response["X-Robots-Tag"] == "noindex"
    rows = rows_of(response)
    assert rows[0] == [
        "Titre",
        "Type",
        "Résumé",
        "Thématiques",
        "Programmes",
        "Territoires",
        "Codes des territoires",
        "Publié le",
        "Licence",
        "Adresse",
    ]
    assert [row[0] for row in rows[1:]] == ["Puits", "'=SOMME(A1:A9)"]
    assert rows[2] == [
        "'=SOMME(A1:A9)",
        "Contenu d’essai",
        'Un "résumé" ; sur\ndeux lignes',
        "Eau | Énergie",
        "Villages d’avenir",
        "Nantes",
        "commune:44109",
        "2026-01-05",
        "Licence Ouverte 2.0",
        "http://testserver/sommea1a9/",
    ]
    assert [row[0] for row in rows_of(client.get("/recherche/?q=éolienne&export=csv"))[1:]] == ["Éolienne"]


@pytest.mark.django_db
def test_export_of_nothing_is_a_header(client, section):
    assert len(rows_of(client.get("/recherche/?q=introuvable&export=csv"))) == 1


@pytest.mark.django_db
def test_export_reads_all_the_pages_and_its_queries_do_not_grow(client, section):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows = rows_of(client.get("/recherche/?export=csv"))
        return len(rows) - 1, len(captured)

    listed = listing_of().count
    queries()
    few = queries()
    for number in range(25):
        add_page(section, f"Page {number}")
    queries()
    assert (few[0], queries()) == (listed, (listed + 25, few[1]))
    assert few[1] <= 10
    assert len(titles(listing_of())) == 20


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1 23 45 67 89", "'+33 1 23 45 67 89"),
        ("-2", "'-2"),
        ("@SOMME(A1)", "'@SOMME(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("＝1+1", "'＝1+1"),
        ("Ville-d'Avray", "Ville-d'Avray"),
        ("a\x00b\x1bc", "abc"),
        ("", ""),
        (None, ""),
        (-5, "-5"),
        (1.5, "1,5"),
        (True, "True"),
        (date(2026, 1, 5), "2026-01-05"),
        (["=Eau", "Énergie"], "'=Eau | Énergie"),
    ],
)
def test_cell(value, expected):
    assert safe_cell(value) == expected


@given(st.text())
def test_no_text_begins_as_a_formula(text):
    assert not safe_cell(text).lstrip(" \u00a0").startswith(FORMULA_STARTS)
