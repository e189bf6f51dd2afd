"""The experiences of the demonstration: there once, complete, and said to be invented."""

import pytest

from annuaire.models import ActorPage
from ressources.experience_demo import load_experiences
from ressources.experience_tree import spread_of
from ressources.models import ExperiencePage
from territoires_en_commun.base.models.visibility import private_paths
from territoires_en_commun.users.models import User
from tests.factories import ActorPageFactory, DirectoryPage, TerritoryFactory, UserFactory
from tests.filled_site import fill_once

REVIEWER = "responsable@exemple.fr"

HOLDERS = {
    "cafe-figeac": "46102",
    "tiers-lieu-bourganeuf": "23030",
    "halle-autun": "71014",
    "jardins-gueret": "23096",
    "numerique-vierzon": "18279",
    "ecole-mende": "48095",
    "sante-nevers": "58194",
    "covoit-alpes": "05061",
}


@pytest.fixture
def owner(home):
    """The places and the holders of the stories, and who reviews them."""
    fill_once(write_holders)
    return User.objects.get(email=REVIEWER)


def write_holders():
    directory = DirectoryPage.objects.get()
    for holder, code in HOLDERS.items():
        place = TerritoryFactory(code=code, name=f"Commune {code}")
        ActorPageFactory(parent=directory, territories=[place], external_ref=f"demo:acteur:{holder}")
    UserFactory(email=REVIEWER)


@pytest.fixture
def loaded(owner):
    fill_once(write_stories, owner)


def write_stories(owner):
    assert len(list(load_experiences(owner))) == 8


def shape(branches):
    return {branch.url.split("/")[-2]: shape(branch.branches) for branch in branches}


def test_experiences_are_complete_published_and_said_to_be_invented(loaded, client):
    for page in ExperiencePage.objects.all():
        page.full_clean()
        assert (page.live, list(page.content_gaps()), page.contact_email[-11:] in {"", "@exemple.fr"}) == (
            True,
            [],
            True,
        )
        html = client.get(page.url).content.decode()
        assert "(exemple fictif)</h1>" in html
        assert "Récit inventé" in page.summary
        assert "récit est fictif" in page.context
        assert page.contact_email == "" or page.contact_email not in html


def test_experiences_spread_over_three_steps(loaded):
    last = ExperiencePage.objects.get(external_ref="demo:experience:ecole-mende")
    assert shape(spread_of(last, private_paths())[0].branches) == {
        "jardin-partage-gueret": {
            "halle-producteurs-autun": {"tiers-lieu-ancienne-gare-bourganeuf": {}},
            "cafe-associatif-figeac": {},
        }
    }


def test_second_run_writes_nothing_over_what_editors_wrote(loaded, owner):
    page = ExperiencePage.objects.get(external_ref="demo:experience:cafe-figeac")
    page.title = "Corrigé"
    page.save_revision().publish()
    assert list(load_experiences(owner)) == []
    page.refresh_from_db()
    assert (page.title, ExperiencePage.objects.count()) == ("Corrigé", 8)


def test_story_without_its_holder_or_its_place_is_left_out(owner):
    ActorPage.objects.get(external_ref="demo:acteur:ecole-mende").delete()
    assert len(list(load_experiences(owner))) == 7
