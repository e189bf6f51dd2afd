"""Relevance cases: what they find, who runs them, what fails."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from wagtail.models import PageViewRestriction

from search.models import RelevanceCase
from search.relevance import run_cases
from tests.search.contents import write_contents

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def contents(small_france):
    return write_contents()


def case(query, page, **more):
    return RelevanceCase.objects.create(query=query, page=page.basepage_ptr, **more)


def check(*args):
    output = StringIO()
    try:
        call_command("check_relevance", *args, stdout=output)
    except SystemExit as stopped:
        return stopped.code, output.getvalue()
    return 0, output.getvalue()


def test_rank_is_that_of_the_page_among_public_pages(contents):
    _section, pages = contents
    case("covoiturage", pages["carpool"], max_rank=1)
    case("récit", pages["market"], max_rank=1)
    case("kermesse", pages["market"])
    ranks = {outcome.case.query: (outcome.rank, outcome.passes) for outcome in run_cases()}
    assert ranks["covoiturage"] == (1, True)
    assert ranks["kermesse"] == (None, False)
    assert ranks["récit"][0] in range(1, 6)


def test_hidden_pages_are_neither_found_nor_counted(contents):
    section, pages = contents
    case("récit", pages["market"], max_rank=50)
    before = run_cases()[0].rank
    for page in pages.values():
        if page.pk != pages["market"].pk:
            page.unpublish()
    assert (before >= 1, run_cases()[0].rank) == (True, 1)
    PageViewRestriction.objects.create(page=section.basepage_ptr, restriction_type="login")
    assert run_cases()[0].rank is None


def test_command_succeeds_when_every_case_holds(contents):
    assert check() == (0, "Cas de pertinence tenus : 0 sur 0.\n")
    case("covoiturage", contents[1]["carpool"])
    assert check() == (0, "Cas de pertinence tenus : 1 sur 1.\n")
    assert "Tenu  «\u00a0covoiturage\u00a0» → Covoiturage en zone blanche : rang 1" in check("--verbosity=2")[1]


def test_command_fails_and_names_the_lost_case(contents):
    case("covoiturage", contents[1]["carpool"])
    case("kermesse", contents[1]["market"])
    code, output = check()
    assert code == 1
    assert output.splitlines() == [
        "PERDU «\u00a0kermesse\u00a0» → Tenir un marché de plein vent : page non trouvée, attendue au rang 3 au plus",
        "Cas de pertinence tenus : 1 sur 2.",
    ]


def test_editor_writes_a_case_and_runs_them(contents, editor):
    client = Client()
    client.force_login(editor)
    page = contents[1]["carpool"]
    data = {"query": "  covoiturage ", "page": page.pk, "max_rank": 3, "note": ""}
    assert client.post("/admin/cas-de-pertinence/new/", data).status_code == 302
    kept = RelevanceCase.objects.get()
    assert (kept.query, kept.page_id, kept.state_label) == ("covoiturage", page.pk, "Jamais vérifié")
    assert "/admin/cas-de-pertinence/verifier/" in client.get("/admin/cas-de-pertinence/").content.decode()
    assert "1 cas de pertinence à vérifier" in client.get("/admin/cas-de-pertinence/verifier/").content.decode()
    response = client.post("/admin/cas-de-pertinence/verifier/", follow=True)
    html = response.content.decode()
    assert "Cas de pertinence tenus : 1 sur 1." in html
    assert "Tenu : rang 1" in html


def test_running_is_for_those_who_may_change_cases(contents, reviewer):
    client = Client()
    client.force_login(reviewer)
    case("covoiturage", contents[1]["carpool"])
    assert client.post("/admin/cas-de-pertinence/verifier/").status_code == 302
    assert RelevanceCase.objects.get().checked_at is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("max_rank", 0, "de 1 à 50"),
        ("max_rank", 51, "de 1 à 50"),
        ("query", "…", "un mot au moins"),
        ("query", "", "vide"),
    ],
)
def test_wrong_case_is_refused(contents, field, value, words):
    wrong = RelevanceCase(**{"query": "foire", "page": contents[1]["market"].basepage_ptr, field: value})
    with pytest.raises(ValidationError) as caught:
        wrong.full_clean()
    assert words in caught.value.message_dict[field][0]


def test_same_case_twice_is_refused(contents):
    first = case("foire", contents[1]["market"])
    with pytest.raises(ValidationError, match="déjà vérifiée"):
        RelevanceCase(query="foire", page=first.page).full_clean()
