"""The calls of the demonstration: each status whatever the day, there once, fictitious but for what is public."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from agenda.calls.demo import load_calls
from agenda.calls.kinds import CallStatus
from agenda.models import CallChange, CallPage
from territoires_en_commun.users.models import User
from tests.factories import UserFactory
from tests.filled_site import fill_once

REVIEWER = "revue@exemple.fr"


@pytest.fixture
def owner(home, small_france):
    """Who reviews the calls; the actors of the demonstration are there."""
    fill_once(write_actors)
    return User.objects.get(email=REVIEWER)


def write_actors():
    UserFactory(email=REVIEWER)
    call_command("load_actors", responsable=REVIEWER, fictifs=True, verbosity=0)


@pytest.fixture
def demo(owner):
    fill_once(write_calls, owner)


def write_calls(owner):
    assert len(list(load_calls(owner))) == 8


def test_each_status_is_shown(demo):
    stands = [call.status(timezone.now()) for call in CallPage.objects.live_public()]
    assert (len(stands), set(stands)) == (8, set(CallStatus))


def test_demonstration_loaded_again_changes_nothing(demo, owner):
    before = list(CallPage.objects.order_by("pk").values_list("pk", "latest_revision"))
    assert list(load_calls(owner)) == []
    assert list(CallPage.objects.order_by("pk").values_list("pk", "latest_revision")) == before


def test_calls_say_that_they_are_fictitious_and_their_pages_work(demo, client):
    for call in CallPage.objects.all():
        assert call.external_ref.startswith("demo:appel:")
        is_real = call.slug == "fonds-chaleur"
        assert ("(fictif)" in call.title, ".exemple.fr/" in call.application_url) == (not is_real, not is_real)
        assert client.get(call.url).status_code == 200
    assert sorted(change.field for change in CallChange.objects.all()) == ["cloture", "montant"]
    assert "Agence de la transition écologique</a>" in client.get("/appels-a-projets/fonds-chaleur/").content.decode()


def test_call_whose_funder_or_territory_is_missing_is_left_out(site, small_france):
    assert len(list(load_calls(UserFactory()))) == 6


def test_site_without_map_has_none(site):
    assert list(load_calls(UserFactory())) == []
