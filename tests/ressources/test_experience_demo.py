"""The experiences of the demonstration: there once, complete, and said to be invented."""

from io import StringIO

import pytest
from django.core.management import call_command

from annuaire.models import ActorPage
from ressources.experience_demo import load_experiences
from ressources.experience_tree import spread_of
from ressources.models import ExperiencePage
from territoires_en_commun.base.models.visibility import private_paths
from tests.factories import ActorPageFactory, DirectoryPage, TerritoryFactory, UserFactory

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
    directory = DirectoryPage.objects.get()
    for holder, code in HOLDERS.items():
        place = TerritoryFactory(code=code, name=f"Commune {code}")
        ActorPageFactory(parent=directory, territories=[place], external_ref=f"demo:acteur:{holder}")
    return UserFactory(email="responsable@exemple.fr")


def shape(branches):
    return {branch.url.split("/")[-2]: shape(branch.branches) for branch in branches}


def test_experiences_are_complete_published_and_said_to_be_invented(owner, client):
    assert len(list(load_experiences(owner))) == 8
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


def test_experiences_spread_over_three_steps(owner):
    list(load_experiences(owner))
    last = ExperiencePage.objects.get(external_ref="demo:experience:ecole-mende")
    assert shape(spread_of(last, private_paths())[0].branches) == {
        "jardin-partage-gueret": {
            "halle-producteurs-autun": {"tiers-lieu-ancienne-gare-bourganeuf": {}},
            "cafe-associatif-figeac": {},
        }
    }


def test_second_run_writes_nothing_over_what_editors_wrote(owner):
    list(load_experiences(owner))
    page = ExperiencePage.objects.get(external_ref="demo:experience:cafe-figeac")
    page.title = "Corrigé"
    page.save_revision().publish()
    assert list(load_experiences(owner)) == []
    page.refresh_from_db()
    assert (page.title, ExperiencePage.objects.count()) == ("Corrigé", 8)


def test_story_without_its_holder_or_its_place_is_left_out(owner):
    ActorPage.objects.get(external_ref="demo:acteur:ecole-mende").delete()
    assert len(list(load_experiences(owner))) == 7


def test_demonstration_without_territories_has_no_experience(site):
    call_command("load_demo", stdout=StringIO(), verbosity=0)
    assert ExperiencePage.objects.count() == 0
