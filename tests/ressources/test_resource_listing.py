"""The list of kits and trainings."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.models import Audience
from tests.annuaire.build import make_actor
from tests.factories import ProgrammeFactory, ThemeFactory
from tests.filled_site import fill_once
from tests.ressources.kits import make_kit, make_training


@pytest.fixture
def actor(home, small_france):
    return make_actor(title="Atelier inventé", territories=[small_france["pays:FR"]])


@pytest.fixture
def resources(home, small_france):
    fill_once(write_resources, small_france)


def write_resources(small_france):
    actor = make_actor(title="Atelier inventé", territories=[small_france["pays:FR"]])
    mayors, water = Audience.objects.get(slug="elus"), ThemeFactory(name="Eau", slug="eau")
    guide = make_kit(title="Guide de l’eau", kind="guide", themes=[water], audiences=[mayors], cost="gratuit")
    guide.programmes = [ProgrammeFactory(slug="villages")]
    guide.territories = [small_france["commune:23096"]]
    guide.save_revision().publish()
    make_kit(title="Kit de base", kind="kit", set_up_time="jour", cost="moins-1000")
    make_kit(title="Brouillon", kind="jeu", live=False)
    private = make_kit(title="Privé", kind="jeu")
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    make_training(title="Se former", organiser=actor, audiences=[mayors], is_free=False, price=Decimal(120))


def shown(client, query=""):
    response = client.get(f"/ressources/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def titles(client, query=""):
    return [row.page.title for row in shown(client, query).rows]


def test_kits_and_trainings_are_listed_together(client, resources):
    assert [(row.page.title, row.detail.split(" – ")[0], row.facts) for row in shown(client, "?tri=titre").rows] == [
        ("Guide de l’eau", "Guide", [("Coût", "gratuit")]),
        ("Kit de base", "Kit", [("Durée", "une journée"), ("Coût", "moins de 1\u202f000\u00a0€")]),
        (
            "Se former",
            "Formation",
            [("Modalité", "à distance"), ("Durée", "3,5\u00a0heures"), ("Coût", "120\u00a0€")],
        ),
    ]
    html = client.get("/ressources/").content.decode()
    assert "<li>Durée&nbsp;: <strong>une journée</strong></li>" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?type=formation", ["Se former"]),
        ("?type=guide&type=formation&tri=titre", ["Guide de l’eau", "Se former"]),
        ("?type=jeu", []),
        ("?public=elus&tri=titre", ["Guide de l’eau", "Se former"]),
        ("?public=elus&type=guide", ["Guide de l’eau"]),
        ("?thematique=eau", ["Guide de l’eau"]),
        ("?programme=villages", ["Guide de l’eau"]),
        ("?territoire=commune:23096", ["Guide de l’eau"]),
        ("?q=former", ["Se former"]),
        ("?q=réunir", ["Guide de l’eau", "Kit de base"]),
    ],
)
def test_filters_keep_what_they_say(client, resources, query, found):
    assert sorted(titles(client, query)) == found


def test_kinds_are_counted_exactly(client, resources):
    types = next(facet for facet in shown(client).facets if facet.name == "type")
    assert [(value.label, value.count) for value in types.values] == [("Kit", 1), ("Guide", 1), ("Formation", 1)]


def test_unknown_kind_is_told_and_left_aside(client, resources):
    response = client.get("/ressources/?type=inconnu&public=personne")
    assert response.context["listing"].count == 3
    assert "la valeur « inconnu » n&#x27;existe pas ici" in response.content.decode()


def test_empty_list_says_so(client, home):
    html = client.get("/ressources/").content.decode()
    assert "Rien n’est encore publié dans cette rubrique." in html


def test_file_holds_exactly_the_rows_found(client, resources):
    lines = b"".join(client.get("/ressources/?tri=titre&export=csv")).decode("utf-8-sig").splitlines()
    assert [line.split(";")[:4] for line in lines] == [
        ["Titre", "Type", "Durée", "Coût"],
        ["Guide de l’eau", "Guide", "", "gratuit"],
        ["Kit de base", "Kit", "une journée", "moins de 1\u202f000\u00a0€"],
        ["Se former", "Formation", "3,5\u00a0heures", "120\u00a0€"],
    ]


def test_resource_not_reviewed_in_time_ranks_lower_then_is_archived(client, actor, freeze):
    freeze("2026-11-24 10:00")
    make_kit(title="Ancien", review_date=date(2029, 1, 1))
    make_kit(title="À revoir", review_date=date(2026, 12, 24))
    training = make_training(title="Se former", organiser=actor, review_date=date(2026, 12, 25))
    freeze("2026-12-24 10:00")
    assert titles(client) == ["Se former", "À revoir", "Ancien"]
    freeze("2026-12-25 10:00")  # nothing is published meanwhile: a day is enough
    assert [(row.page.title, row.review) for row in shown(client).rows] == [
        ("Se former", ""),
        ("Ancien", ""),
        ("À revoir", "Non revu depuis le 24\u00a0décembre\u00a02026"),
    ]
    assert titles(client, "?tri=titre") == ["À revoir", "Ancien", "Se former"]
    assert "Non revu depuis le" in client.get("/ressources/").content.decode()
    freeze("2027-12-25 10:00")
    assert titles(client) == ["Ancien", "Se former"]
    assert [(row.page.title, row.review) for row in shown(client, "?revue=archives").rows] == [("À revoir", "Archive")]
    archives = next(facet for facet in shown(client).facets if facet.name == "revue")
    assert [(value.label, value.count) for value in archives.values] == [("Contenus archivés", 1)]
    training.review_date = date(2030, 1, 1)
    training.save_revision().publish()
    assert titles(client) == ["Se former", "Ancien"]


def test_archives_are_offered_only_when_there_are_some(client, resources):
    assert "Contenus archivés" not in client.get("/ressources/").content.decode()


@pytest.mark.parametrize("path", ["/ressources/", "/ressources/?q=fontaine&type=kit&type=formation&tri=titre"])
def test_queries_are_few_and_do_not_grow(client, actor, path):
    seen, added = {}, 0
    for total in (1, 3):
        for number in range(added, total):
            make_kit(title=f"Fontaine {number}")
            make_training(title=f"La fontaine {number}", organiser=actor)
        added = total
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        seen[total] = len(queries)
    assert max(seen.values()) <= 12
    assert seen[1] == seen[3]
