"""Two to four experiences side by side."""

import re

import pytest

from ressources import experience_comparison
from tests.factories import ActorPageFactory, DirectoryPage, TerritoryFactory
from tests.filled_site import fill_once
from tests.ressources.experiences import make_experience


@pytest.fixture
def pages(home):
    return fill_once(write_pages)


def write_pages():
    holder, place = ActorPageFactory(parent=DirectoryPage.objects.get()), TerritoryFactory(name="Saint-Lieu")
    return [make_experience(title=f"Expérience {number}", holder=holder, place=place) for number in range(1, 6)]


def compare(client, *pks, extra=""):
    response = client.get("/experiences/comparer/?" + "&".join(f"id={pk}" for pk in pks) + extra)
    assert response.status_code == 200
    return response.content.decode(), response.context["comparison"]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_experiences_are_compared_section_by_section(client, pages, count):
    html, comparison = compare(client, *(page.pk for page in pages[:count]))
    assert [head["title"] for head in comparison.headings] == [page.title for page in pages[:count]]
    assert re.findall(r'<th scope="row">(.*?)</th>', html) == [
        "Population",
        "État du projet",
        "Période",
        "Coût",
        "Temps passé",
        "Contexte",
        "Problème",
        "Démarche",
        "Résultats",
        "Difficultés",
        "Ce que nous referions autrement",
    ]
    assert html.count("Difficultés du récit.") == count
    assert '<meta name="robots" content="noindex">' in html
    assert comparison.ignored == []


def test_fifth_experience_is_refused_with_the_way_out(client, pages):
    html, comparison = compare(client, *(page.pk for page in pages))
    assert "Quatre expériences au plus se comparent, et vous en avez choisi 5 : décochez-en." in html
    assert "<table>" not in html
    assert [(choice.title, choice.is_chosen) for choice in comparison.choices] == [
        ("Expérience 1", True),
        ("Expérience 2", True),
        ("Expérience 3", True),
        ("Expérience 4", True),
        ("Expérience 5", False),
    ]


def test_only_the_first_of_too_many_experiences_are_read(client, pages, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(experience_comparison, "SUGGESTED", 0)
    pks = [page.pk for page in pages]
    compare(client, *pks)
    with django_assert_max_num_queries(6):  # fewer than a comparison
        html, comparison = compare(client, *pks)
    assert (comparison.chosen, [choice.pk for choice in comparison.choices]) == ([], pks[:4])
    assert "vous en avez choisi 5 : décochez-en. Seules les 4 premières sont reprises ci-dessous." in html


def test_headings_go_down_one_level_at_a_time(client, pages):
    titled = make_experience(title="Titrée", difficulties="<h3>Le foncier</h3><p>Rare.</p>")
    html, _ = compare(client, pages[0].pk, titled.pk)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html[html.index("<main") : html.index("</main>")])]
    assert levels == [1, 2, 3, 2]


def test_one_experience_asks_for_another_and_proposes_some(client, pages):
    html, comparison = compare(client, pages[1].pk)
    assert "Une seule expérience est choisie : cochez-en une autre." in html
    assert [(choice.title, choice.is_chosen) for choice in comparison.choices] == [
        ("Expérience 2", True),
        ("Expérience 5", False),
        ("Expérience 4", False),
        ("Expérience 3", False),
        ("Expérience 1", False),
    ]


def test_unknown_values_are_said_and_the_rest_is_compared(client, pages):
    draft = make_experience(title="Brouillon secret", live=False)
    first, second = pages[0].pk, pages[1].pk
    html, comparison = compare(client, first, draft.pk, "abc", first, second, extra="&x=1")
    assert [(item.parameter, item.message) for item in comparison.ignored] == [
        ("id", f"la valeur « {draft.pk} » n'existe pas ici"),
        ("id", "la valeur « abc » n'existe pas ici"),
        ("x", "il n'existe pas ici"),
    ]
    assert [head["title"] for head in comparison.headings] == ["Expérience 1", "Expérience 2"]
    assert "Brouillon secret" not in html


@pytest.mark.parametrize("value", ["9" * 5000, "-1", "%00", "a%00b", "%FF", "1e400", ""])
def test_hostile_value_is_left_aside(client, pages, value):
    _, comparison = compare(client, value)
    assert comparison.count == 0


def test_comparison_without_any_experience_says_where_to_start(client, home):
    html, comparison = compare(client)
    assert (comparison.choices, "Choisissez de deux à quatre expériences" in html) == ([], True)


def test_section_not_known_yet_says_so(client, pages):
    page = make_experience(title="Sans résultats", results="", results_unknown=True)
    html, _ = compare(client, pages[0].pk, page.pk)
    assert html.count("<em>Pas encore connu.</em>") == 1


def test_comparison_costs_the_same_queries_for_two_and_four(client, pages, django_assert_num_queries):
    for count in (2, 4):
        compare(client, *(page.pk for page in pages[:count]))
        with django_assert_num_queries(7):
            compare(client, *(page.pk for page in pages[:count]))
