"""The form and the list of pinned results."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from search.models import PinnedResult
from search.pins import pinned_pages
from tests.search.contents import write_contents

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
ADD = "/admin/resultats-epingles/new/"


@pytest.fixture
def contents(small_france):
    return write_contents()[1]


@pytest.fixture
def signed_in(editor):
    client = Client()
    client.force_login(editor)
    return client


def data(page, days=30, **more):
    day = timezone.localdate() + dt.timedelta(days=days)
    return {"queries": "marché\nfoire", "page": page.pk, "order": 1, "expires_on": f"{day}", "note": "", **more}


def test_editor_pins_a_page_then_deletes_the_pin(signed_in, contents):
    market = contents["market"]
    assert signed_in.post(ADD, data(market)).status_code == 302
    pin = PinnedResult.objects.get()
    assert (pin.texts, pinned_pages("foires")) == (["marché", "foire"], [market.pk])
    html = signed_in.get("/admin/resultats-epingles/").content.decode()
    assert "marché, foire : Tenir un marché de plein vent" in html
    assert "Affiché" in html
    assert signed_in.post(f"/admin/resultats-epingles/delete/{pin.pk}/").status_code == 302
    assert pinned_pages("foires") == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"expires_on": ""}, "Champ requis"),
        ({"expires_on": "2020-01-01"}, "Choisissez un jour à venir"),
        ({"expires_on": "2999-01-01"}, "dans un an au plus"),
        ({"expires_on": "hier"}, "date"),
        ({"queries": "de la"}, "mots vides"),
        ({"page": "987654"}, "choix valide"),
        ({"page": ""}, "Champ requis"),
    ],
)
def test_wrong_pin_is_refused(signed_in, contents, wrong, words):
    response = signed_in.post(ADD, data(contents["market"]) | wrong)
    assert (response.status_code, PinnedResult.objects.count()) == (200, 0)
    told = [error for errors in response.context["form"].errors.values() for error in errors]
    assert any(words in error for error in told), told


def test_list_says_which_are_expired(signed_in, contents):
    day = timezone.localdate() - dt.timedelta(days=1)
    PinnedResult.objects.create(queries="foire", page=contents["market"].basepage_ptr, expires_on=day)
    html = signed_in.get("/admin/resultats-epingles/").content.decode()
    assert "Expiré" in html
    assert f"{day:%d/%m/%Y}" in html
