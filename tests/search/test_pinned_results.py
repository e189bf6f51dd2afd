"""Pages that editors put first, on each engine."""

from datetime import timedelta

import pytest
from django.utils import timezone

from search.models import PinnedResult
from territoires_en_commun.base.models import BasePage, mark_change

BUS = "Un bus à la demande pour la vallée"


@pytest.fixture
def pin(corpus):
    page = BasePage.objects.get(title=BUS)
    found = PinnedResult.objects.create(
        queries="écoles\nschool bus", page=page, expires_on=timezone.localdate() + timedelta(days=30)
    )
    mark_change()
    return found


def test_it_comes_first_and_says_so(engine, pin, ask, client):
    answer = ask("école")
    assert [found["titre"] for found in answer["resultats"]] == [BUS, "Les écoles rurales"]
    assert answer["total"] == 2
    page = client.get("/recherche/?q=école").content.decode()
    assert page.count("Recommandé</span>") == 1
    assert page.index(BUS) < page.index("Les <mark>écoles</mark>")


def test_filters_apply_to_it_and_other_queries_do_not_show_it(engine, pin, ask):
    assert [found["titre"] for found in ask("école", thematique="mobilites")["resultats"]] == []
    assert [found["titre"] for found in ask("écoles rurales")["resultats"]] == ["Les écoles rurales"]
    assert [found["titre"] for found in ask("school bus")["resultats"]][:1] == [BUS]


def test_it_disappears_with_its_page(engine, pin, ask, refreshed):
    BasePage.objects.get(title=BUS).specific.unpublish()
    refreshed()
    assert [found["titre"] for found in ask("école")["resultats"]] == ["Les écoles rurales"]
