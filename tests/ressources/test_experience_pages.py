"""The page of an experience, as visitors and search engines read it."""

import re
from decimal import Decimal

import pytest

from tests.factories import ActorPageFactory, DirectoryPage
from tests.ressources.experiences import make_experience


@pytest.fixture
def france(home, small_france):
    return small_france


def page_of(client, page, query=""):
    response = client.get(f"{page.url}{query}")
    assert response.status_code == 200
    return response.content.decode()


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_page_says_everything_in_short(client, france):
    place = france["commune:23096"]
    holder = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Mairie fictive", acronym="MF")
    page = make_experience(place=place, holder=holder, cost=Decimal("12500.50"), fte=Decimal("0.25"))
    facts = re.search(r'<dl class="experience-list">(.*?)</dl>', page_of(client, page), re.DOTALL)[1]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", facts, re.DOTALL)
    assert {label: text_of(value) for label, value in pairs} == {
        "Problème": "Problème du récit.",
        "Territoire": "Guéret , Creuse (23)",
        "Population": "13 000 habitants",
        "Porteur": "Mairie fictive (MF)",
        "État du projet": "Achevé",
        "Période": "De mars 2024 à juin 2025 (16 mois)",
        "Coût": "12 500,50 €",
        "Temps passé": "0,25 ETP",
    }
