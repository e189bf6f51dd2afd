"""The editors' report on searches."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from search.models import SearchClick, SearchLogEntry
from tests.search.contents import write_contents

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
URL = "/admin/reports/recherches/"


@pytest.fixture
def contents(small_france, freeze):
    freeze("2026-11-23 10:00")  # a Monday
    return write_contents()[1]


@pytest.fixture
def signed_in(editor):
    client = Client()
    client.force_login(editor)
    return client


def searched(text, *, days=0, results=1, clicks=()):
    moment = timezone.now() - dt.timedelta(days=days)
    entry = SearchLogEntry.objects.create(
        text=text, normalised=text.lower(), results=results, engine="embarque", moment=moment
    )
    for rank, page in clicks:
        SearchClick.objects.create(entry=entry, rank=rank, page=page.basepage_ptr)


@pytest.fixture
def searches(contents):
    market, school = contents["market"], contents["school"]
    searched("marché", clicks=[(1, market), (3, school)])
    searched("Marché", days=7, results=2, clicks=[(1, market)])
    searched("marché", days=8)
    searched("école", days=21)
    searched("école", days=22)
    searched("foire", results=0)
    searched("ancienne", days=60, results=0)
    searched("oubliée", days=392, clicks=[(2, school)])


def rows_of(response, key):
    return next(table.rows for table in response.context["tables"] if table.key == key)


def test_report_of_thirty_days(signed_in, searches):
    response = signed_in.get(URL)
    assert rows_of(response, "requetes") == [
        ("marché", 3, 2, "67\u00a0%"),
        ("école", 2, 1, "0\u00a0%"),
        ("foire", 1, 0, "0\u00a0%"),
    ]
    assert rows_of(response, "sans-resultat") == [("foire", 1, "23/11/2026")]
    assert rows_of(response, "sans-clic") == [("école", 2, 1)]
    assert rows_of(response, "rangs") == [(1, 2, "67\u00a0%"), (3, 1, "33\u00a0%")]
    assert rows_of(response, "semaines") == [
        ("23/11/2026", 2, "50\u00a0%", "50\u00a0%"),
        ("16/11/2026", 1, "0\u00a0%", "100\u00a0%"),
        ("09/11/2026", 1, "0\u00a0%", "0\u00a0%"),
        ("02/11/2026", 1, "0\u00a0%", "0\u00a0%"),
        ("26/10/2026", 1, "0\u00a0%", "0\u00a0%"),
    ]


def test_periods(signed_in, searches):
    found = {
        period: [row[0] for row in rows_of(signed_in.get(URL, {"periode": period}), "requetes")]
        for period in ("30", "90", "13-mois")
    }
    assert "ancienne" not in found["30"]
    assert set(found["90"]) - set(found["30"]) == {"ancienne"}
    assert set(found["13-mois"]) - set(found["90"]) == {"oubliée"}


def test_week_without_search_is_told(signed_in, contents):
    searched("marché")
    searched("marché", days=14)
    assert rows_of(signed_in.get(URL), "semaines")[1] == ("16/11/2026", 0, "", "")


def test_wrong_parameters_are_told(signed_in, searches):
    response = signed_in.get(URL, {"periode": "toujours", "export": "tout"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "Cette période n’existe pas" in html
    assert "Ce tableau n’existe pas" in html
    assert len(rows_of(response, "requetes")) == 3


def test_each_table_has_a_caption_and_a_file(signed_in, searches):
    html = signed_in.get(URL).content.decode()
    assert html.count("lignes au plus</caption>") == html.count('<table class="listing"') == 5
    response = signed_in.get(URL, {"periode": "90", "export": "sans-resultat"})
    assert response["Content-Disposition"] == 'attachment; filename="recherches-sans-resultat-90.csv"'
    assert response.getvalue().decode() == (
        "\ufeffRequête;Fois;Dernière fois\r\nancienne;1;24/09/2026\r\nfoire;1;23/11/2026\r\n"
    )


def test_file_holds_no_formula(signed_in, contents):
    searched("=1+1", results=0)
    assert "'=1+1" in signed_in.get(URL, {"export": "requetes"}).getvalue().decode()


def test_text_typed_is_text_in_the_report(signed_in, contents):
    searched("<script>alert(1)</script>")
    assert "<script>alert" not in signed_in.get(URL).content.decode()


def test_empty_log(signed_in, contents):
    assert signed_in.get(URL).content.decode().count("Rien sur cette période.") == 5


def test_report_is_for_editors_and_reviewers(contents, editor, reviewer, contributor, superuser):
    for person, status in [(superuser, 200), (editor, 200), (reviewer, 200), (contributor, 302)]:
        client = Client()
        client.force_login(person)
        assert client.get(URL).status_code == status, person
        assert (URL in client.get("/admin/").content.decode()) is (status == 200)
    assert Client().get(URL).status_code == 302
