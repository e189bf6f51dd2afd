"""The local authorities and national actors that fill a new directory."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annuaire.models import ActorPage
from territoires_en_commun.base.models import BasePage
from tests.factories import UserFactory


@pytest.fixture
def owner(home, small_france):
    return UserFactory(email="responsable@exemple.fr")


def load(**options):
    out = StringIO()
    call_command("load_actors", responsable="responsable@exemple.fr", stdout=out, verbosity=1, **options)
    return out.getvalue()


def test_each_legal_body_has_one_fiche(owner, small_france):
    load()
    councils = ActorPage.objects.exclude(represents=None)
    epci = {territory for key, territory in small_france.items() if key.startswith("epci:") and territory.is_active}
    assert {actor.represents for actor in councils.filter(type="epci")} == epci
    alsace = councils.get(title="Collectivité européenne d’Alsace")
    assert {territory.key for territory in alsace.territories.all()} == {"departement:67", "departement:68"}
    assert not councils.filter(title="Département du Bas-Rhin").exists()
    corse = councils.get(title="Collectivité de Corse")
    assert {territory.key for territory in corse.territories.all()} == {
        "region:94",
        "departement:2A",
        "departement:2B",
    }
    assert ActorPage.objects.filter(territories=small_france["departement:974"]).count() == 1
    assert ActorPage.objects.filter(territories=small_france["region:04"]).count() == 1


def test_siren_is_that_of_the_geographic_code_or_none(owner, small_france):
    load()
    assert set(ActorPage.objects.filter(type="epci").values_list("siren", "represents__code")) == {
        (key.partition(":")[2],) * 2
        for key, territory in small_france.items()
        if key.startswith("epci:") and territory.is_active
    }
    assert set(ActorPage.objects.filter(type__in=["region", "departement"]).values_list("siren", flat=True)) == {""}


def test_every_fiche_is_true_and_published(owner):
    load(fictifs=True)
    for actor in ActorPage.objects.all():
        actor.full_clean()
        assert (actor.live, list(actor.content_gaps())) == (True, []), actor
    assert BasePage.find_problems() == ([], [], [], [], [])


def test_second_run_writes_nothing_and_keeps_what_editors_wrote(owner):
    load(fictifs=True)
    count = ActorPage.objects.count()
    actor = ActorPage.objects.get(title="Collectivité de Corse")
    actor.summary = "Réécrit par un éditeur."
    actor.save_revision().publish()
    assert "rien n’a été changé" in load(fictifs=True)
    assert ActorPage.objects.count() == count
    assert ActorPage.objects.get(pk=actor.pk).summary == "Réécrit par un éditeur."


def test_actors_loaded_are_found_and_edited(owner, client, admin_client):
    load()
    actor = ActorPage.objects.get(title="Collectivité de Corse")
    assert "Collectivité de Corse" in client.get("/annuaire/?q=corse").content.decode()
    assert client.get(actor.url).status_code == 200
    revision = actor.save_revision()
    revision.publish()
    assert {territory.key for territory in ActorPage.objects.get(pk=actor.pk).territories.all()} == {
        "region:94",
        "departement:2A",
        "departement:2B",
    }


def test_unknown_account_is_refused(home, small_france):
    with pytest.raises(CommandError, match="Aucun compte actif"):
        call_command("load_actors", responsable="personne@exemple.fr")


def test_directory_must_exist(db, small_france):
    UserFactory(email="responsable@exemple.fr")
    with pytest.raises(CommandError, match="init_site"):
        load()


def test_fictitious_persons_and_numbers_look_it(owner):
    load(fictifs=True)
    fictitious = ActorPage.objects.filter(external_ref__startswith="demo:acteur:")
    assert 0 < fictitious.count() <= 30
    assert all(actor.email.endswith("@exemple.fr") for actor in fictitious)
    reserved = ("+33199", "+33261", "+33353", "+33465", "+33536")
    assert all(actor.phone.as_e164.startswith(reserved) for actor in fictitious)
