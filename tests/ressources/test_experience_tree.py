"""The tree of spread: from one experience to the next, without going round, and without what visitors can't see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from ressources.experience_tree import EMPTY, MAX_DEPTH, spread_of
from territoires_en_commun.base.models import PageLink
from territoires_en_commun.base.models.visibility import private_paths
from tests.factories import ActorPageFactory, DirectoryPage, TerritoryFactory
from tests.ressources.experiences import make_experience


@pytest.fixture
def tell(home):
    """``tell("Titre", inspired_by=[…])`` publishes an experience of one place and one holder."""
    common = {"holder": ActorPageFactory(parent=DirectoryPage.objects.get()), "place": TerritoryFactory(name="Ici")}
    return lambda title, *inspirations, **fields: make_experience(
        title=title, inspired_by=inspirations, **(common | fields)
    )


def shape(branches):
    return {branch.title: shape(branch.branches) for branch in branches}


def test_tree_goes_up_and_down_with_counts(tell):
    first = tell("Première")
    second = tell("Deuxième", first)
    third = tell("Troisième", second)
    tell("Quatrième", third)
    tell("Cinquième", second)
    above, below = spread_of(second, private_paths())
    assert shape(above.branches) == {"Première": {}}
    assert shape(below.branches) == {"Troisième": {"Quatrième": {}}, "Cinquième": {}}
    assert [branch.detail for branch in below.branches] == ["Ici, 2024 – 2025"] * 2
    assert (above.count_label, below.count_label) == ("1\u00a0expérience", "3\u00a0expériences, dont 2 directement")


def test_cycle_shows_each_experience_once(tell):
    first = tell("Première")
    second = tell("Deuxième", first)
    third = tell("Troisième", second)
    PageLink.objects.create(source=first, target=third, kind="inspire")
    above, below = spread_of(second, private_paths())
    assert shape(above.branches) == {"Première": {"Troisième": {}}}
    assert shape(below.branches) == {"Troisième": {"Première": {}}}


def test_experience_reached_twice_is_shown_where_it_is_nearest(tell):
    first = tell("Première")
    second = tell("Deuxième", first)
    tell("Troisième", second, first)
    assert shape(spread_of(first, private_paths())[1].branches) == {"Deuxième": {}, "Troisième": {}}


def test_long_chain_is_cut_and_counted(tell):
    page = first = tell("Expérience 0")
    for number in range(1, MAX_DEPTH + 3):
        page = tell(f"Expérience {number}", page)
    below = spread_of(first, private_paths())[1]
    depth, branches = 0, below.branches
    while branches:
        depth, branches = depth + 1, branches[0].branches
    assert (depth, below.total, below.direct) == (MAX_DEPTH, MAX_DEPTH + 2, 1)


def test_hidden_experiences_are_neither_shown_nor_counted(tell):
    first = tell("Première")
    tell("Brouillon secret", first, live=False)
    private = tell("Privée secrète", first)
    tell("Après la privée", private)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert spread_of(first, private_paths()) == (EMPTY, EMPTY)


def test_other_links_are_not_the_tree(tell):
    first, second = tell("Première"), tell("Deuxième")
    PageLink.objects.create(source=second, target=first, kind="lie")
    assert spread_of(first, private_paths()) == (EMPTY, EMPTY)


def test_tree_costs_the_same_queries_however_deep(tell):
    page = first = tell("Expérience 0")
    counts = []
    for number in range(1, 4):
        page = tell(f"Expérience {number}", page, project_status="en-cours", ended_on=None)
        spread_of(first, private_paths())
        with CaptureQueriesContext(connection) as queries:
            spread_of(first, private_paths())
        counts.append(len(queries))
    assert counts == [3, 3, 3]  # the private sections, the links, the pages


def test_page_shows_the_tree_and_not_twice(client, tell):
    first = tell("Première")
    second = tell("Deuxième", first)
    html = client.get(first.url).content.decode()
    assert html.count("Deuxième</a>") == 1
    assert "Elle a inspiré 1\u00a0expérience</h3>" in html
    assert "Elle s’inspire de 1\u00a0expérience</h3>" in client.get(second.url).content.decode()
