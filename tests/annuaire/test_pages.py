"""The fiche of an actor, as visitors and search engines read it."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.annuaire.build import make_actor


@pytest.fixture
def france(home, small_france):
    return small_france


def data_of(html):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] != "BreadcrumbList")


def test_fiche_says_how_to_reach_the_actor(client, france):
    actor = make_actor(
        title="Atelier inventé",
        acronym="AI",
        address="3 rue de l’Exemple",
        postal_code="23000",
        commune=france["commune:23096"],
        phone="05 36 49 12 34",
        email="contact@exemple.fr",
        website="https://atelier.exemple.fr/",
        opening_hours={"mo": "9\u00a0h – 12\u00a0h", "su": "fermé"},
        territories=[france["commune:23096"]],
    )
    html = client.get(actor.url).content.decode()
    assert '<h1 class="fr-mb-1w">Atelier inventé (AI)</h1>' in html
    assert '<a href="tel:+33-5-36-49-12-34">05 36 49 12 34</a>' in html
    assert '<a href="mailto:contact@exemple.fr">contact@exemple.fr</a>' in html
    assert "<dt>Dimanche</dt><dd>fermé</dd>" in html
    assert f'<a href="{france["commune:23096"].get_absolute_url()}">Guéret</a>' in html


def test_structured_data_says_what_the_page_shows(client, france):
    actor = make_actor(
        title="</script><b>Atelier</b>",
        type="association",
        postal_code="23000",
        commune=france["commune:23096"],
        latitude=46.17,
        longitude=1.87,
        email="cachee@exemple.fr",
        email_is_public=False,
        opening_hours={"mo": "9\u00a0h – 12\u00a0h"},
        territories=[france["commune:23096"]],
    )
    html = client.get(actor.url).content.decode()
    data = data_of(html)
    assert (data["@type"], data["name"]) == ("NGO", "</script><b>Atelier</b>")
    assert data["address"] == {
        "@type": "PostalAddress",
        "postalCode": "23000",
        "addressLocality": "Guéret",
        "addressCountry": "FR",
    }
    assert data["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 46.17, "longitude": 1.87}
    assert data["location"]["openingHoursSpecification"][0]["opens"] == "09:00"
    assert "email" not in data
    assert "<b>Atelier</b>" not in html


def test_long_list_of_territories_is_folded(client, france):
    communes = [place for place in france.values() if place.type == "commune" and place.is_active][:13]
    html = client.get(make_actor(territories=communes).url).content.decode()
    assert "<summary>13\u00a0territoires</summary>" in html


def test_hidden_parent_and_branches_do_not_leak(client, france):
    head = make_actor(title="Siège secret", live=False, territories=[france["pays:FR"]])
    branch = make_actor(title="Antenne", parent_actor=head, territories=[france["pays:FR"]])
    assert "Siège secret" not in client.get(branch.url).content.decode()
    head.save_revision().publish()
    assert "Siège secret" in client.get(branch.url).content.decode()
    assert ">Antenne</a>" in client.get(head.url).content.decode()


def test_old_fiche_says_that_it_needs_checking(client, france):
    old = timezone.localdate() - timedelta(days=400)
    html = client.get(make_actor(verified_on=old, territories=[france["pays:FR"]]).url).content.decode()
    assert "À vérifier" in html
    fresh = client.get(make_actor(title="Récente", territories=[france["pays:FR"]]).url).content.decode()
    assert "À vérifier" not in fresh


def test_fiche_costs_few_queries(client, france, django_assert_max_num_queries):
    actor = make_actor(commune=france["commune:23096"], territories=[france["pays:FR"]])
    client.get(actor.url)
    with django_assert_max_num_queries(18):
        client.get(actor.url)
