"""The list of experiences, its file and its place on other pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ressources.models import ExperienceStatus
from tests.factories import (
    ActorPageFactory,
    AudienceFactory,
    DirectoryPage,
    ProgrammeFactory,
    ProgrammeTerritoryFactory,
    ThemeFactory,
    UserFactory,
)
from tests.ressources.experiences import make_experience

LIKE = "/experiences/?q=fontaine&comme=commune:44036&selon=departement"


@pytest.fixture
def france(home, small_france):
    return small_france


def listing_of(client, query=""):
    response = client.get(f"/experiences/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def titles(client, query=""):
    return [row.page.title for row in listing_of(client, query).rows]


def test_row_says_where_how_big_when_and_how_much(client, france):
    make_experience(title="Fontaine", place=france["commune:23096"], themes=[ThemeFactory(name="Eau")])
    row = listing_of(client).rows[0]
    facts = [" ".join(fact.split()) for fact in row.facts]
    assert (row.place, facts, row.status, row.tags) == (
        "Guéret – Creuse (23)",
        ["12 955 habitants", "2024 – 2025", "12 500 €"],
        "Achevé",
        ["Eau"],
    )


@pytest.mark.parametrize(
    ("fields", "years", "cost"),
    [
        ({"project_status": ExperienceStatus.ONGOING, "ended_on": None, "cost": 0}, "depuis 2024", "aucun coût"),
        (
            {"project_status": ExperienceStatus.PLANNED, "ended_on": None, "cost": None, "cost_unknown": True},
            "à partir de 2024",
            "coût pas encore connu",
        ),
        ({"ended_on": date(2024, 12, 31), "cost": Decimal("99.9")}, "2024", "99,90 €"),
    ],
)
def test_row_says_what_is_not_known_or_not_over(client, france, fields, years, cost):
    make_experience(place=france["epci:200034825"], **fields)
    assert [" ".join(fact.split()) for fact in listing_of(client).rows[0].facts][1:] == [years, cost]


def test_facets_keep_what_they_say(client, france):
    water, programme, audience = (
        ThemeFactory(slug="eau"),
        ProgrammeFactory(slug="pvd"),
        AudienceFactory(slug="publics-fictifs"),
    )
    make_experience(
        title="Oui",
        place=france["commune:23096"],
        themes=[water],
        programmes=[programme],
        audiences=[audience],
        project_status=ExperienceStatus.ABANDONED,
    )
    make_experience(title="Non", place=france["epci:244400404"])
    for query in ("thematique=eau", "programme=pvd", "public=publics-fictifs", "etat=abandonne", "type=commune"):
        assert titles(client, f"?{query}") == ["Oui"], query
    assert titles(client, "?territoire=departement:44") == ["Non"]
    assert titles(client, "?etat=acheve&type=epci") == ["Non"]


def test_orders(client, france):
    make_experience(title="B", cost=Decimal(10), started_on=date(2020, 1, 1))
    make_experience(title="A", cost=None, cost_unknown=True, started_on=date(2025, 1, 1))
    make_experience(title="C", cost=Decimal(5), started_on=date(2022, 1, 1))
    assert titles(client, "?tri=cout") == ["C", "B", "A"]
    assert titles(client, "?tri=titre") == ["A", "B", "C"]
    assert titles(client, "?tri=debut") == ["A", "C", "B"]


def test_file_has_public_columns_only(client, france):
    directory = DirectoryPage.objects.get()
    hidden = ActorPageFactory(parent=directory, title="Porteur secret", live=False)
    account = UserFactory(email="elue-secrete@exemple.fr")
    shown = ActorPageFactory(parent=directory, title="Porteur public")
    place = france["commune:23096"]
    make_experience(title="Une", place=place, holder=hidden, contact_email="adresse-secrete@exemple.fr")
    make_experience(title="Deux", place=place, holder=shown, contact=account)
    make_experience(title="Brouillon secret", live=False)
    lines = b"".join(client.get("/experiences/?export=csv&tri=titre")).decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "Titre;Territoire;Code officiel;Population;Porteur;État du projet;Début;Fin;Coût en euros;"
        "Équivalents temps plein;Résumé;Thématiques;Programmes;Territoires;Codes des territoires;Publié le;Licence;"
        "Adresse"
    )
    assert [line.split(";")[:8] for line in lines[1:]] == [
        ["Deux", "Guéret", "23096", "12955", "Porteur public", "achevé", "2024-03-01", "2025-06-30"],
        ["Une", "Guéret", "23096", "12955", "", "achevé", "2024-03-01", "2025-06-30"],
    ]
    assert "secret" not in "".join(lines).replace("exemple", "")


def test_boxes_lead_to_the_comparison_without_script(client, france):
    pages = [make_experience(title=title) for title in ("Une", "Deux")]
    html = client.get("/experiences/").content.decode()
    assert '<form id="comparaison"' in html
    assert 'action="/experiences/comparer/" method="get"' in html
    for page in pages:
        assert (
            f'<input type="checkbox" name="id" value="{page.pk}" id="comparer-{page.pk}" form="comparaison">' in html
        )


@pytest.mark.parametrize("path", ["/experiences/", LIKE, "/experiences/comparer/"])
def test_queries_are_few_and_do_not_grow(client, france, path):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get())
    programme = ProgrammeFactory()
    ProgrammeTerritoryFactory(programme=programme, territory=france["commune:44036"])
    seen, added = {}, 0
    for total in (2, 4):  # one result alone has no order to look for
        for number in range(added, total):
            make_experience(title=f"Fontaine {number}", place=france["commune:44109"], holder=holder)
        added = total
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        seen[total] = len(queries)
    assert seen[2] == seen[4]
    assert seen[4] <= 15


# « Ma commune »


def test_commune_shows_its_experiences_then_those_of_communes_alike(client, france):
    make_experience(title="D’ici", place=france["commune:23096"])
    make_experience(title="Du département", place=france["departement:23"])
    make_experience(title="De Châteaubriant", place=france["commune:44036"])
    make_experience(title="De Nantes", place=france["commune:44109"])
    response = client.get(france["commune:23096"].get_absolute_url())
    blocks = {block.title: block.context for block in response.context["sheet"].blocks}
    assert [(row.title, row.reason.split(" (")[0]) for row in blocks["Expériences"]["rows"]] == [
        ("D’ici", "Vécue ici"),
        ("Du département", "Concerne ce territoire"),
        ("De Châteaubriant", "Même strate de population"),
    ]
    assert [link["url"] for link in blocks["Expériences"]["links"]] == ["/experiences/?comme=commune%3A23096"]
    assert "Contenus utiles ici" not in blocks


def test_experience_not_reviewed_in_time_ranks_lower_then_is_archived(client, france, freeze):
    freeze("2026-11-24 10:00")
    for place, day in (("23096", date(2029, 1, 1)), ("44036", date(2029, 1, 1)), ("44109", date(2026, 12, 24))):
        make_experience(title=f"De {place}", place=france[f"commune:{place}"], review_date=day)
    freeze("2026-12-25 10:00")
    assert [(row.page.title, row.review[:10]) for row in listing_of(client).rows] == [
        ("De 44036", ""),
        ("De 23096", ""),
        ("De 44109", "Non revu d"),
    ]
    commune = france["commune:44109"].get_absolute_url()
    assert "De 44109" in client.get(commune).content.decode()
    freeze("2027-12-25 10:00")
    assert titles(client) == ["De 44036", "De 23096"]
    assert titles(client, "?revue=archives") == ["De 44109"]
    assert "De 44109" not in client.get(commune).content.decode()


def test_departement_shows_what_it_holds_and_the_way_to_the_rest(client, france):
    for number in range(5):
        make_experience(title=f"Expérience {number}", place=france["commune:23190"])
    html = client.get(france["departement:23"].get_absolute_url()).content.decode()
    assert html.count("Expérience ") == 4
    assert (
        'href="/experiences/?territoire=departement%3A23">Voir les 5\u00a0expériences d’ici et d’alentour</a>' in html
    )


def test_territory_without_experience_has_no_block(client, france):
    make_experience(live=False, place=france["commune:23096"])
    assert "Expériences</h2>" not in client.get(france["commune:23096"].get_absolute_url()).content.decode()
