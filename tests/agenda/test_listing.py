"""The list of calls: what is open first, what is closed on demand, for a place and a kind of applicant."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.highlights import closing_soon
from agenda.models import CallPage, CallWinner
from tests.agenda.build import in_days, make_call
from tests.annuaire.build import make_actor
from tests.base.listing_site import counts, titles
from tests.factories import ThemeFactory
from tests.filled_site import fill_once

NBSP = "\u00a0"


@pytest.fixture
def france(home, small_france):
    return small_france


@pytest.fixture
def calls(france):
    """One call of each status, in the whole of France; and a draft."""
    fill_once(write_calls, france)


def write_calls(france):
    everywhere = {"territories": [france["pays:FR"]]}
    make_call(title="Permanent", nature="permanent", **everywhere)
    make_call(title="Imminent", closes_on=in_days(5), **everywhere)
    make_call(title="Ouvert", closes_on=in_days(60), **everywhere)
    make_call(title="À venir", opens_on=in_days(5), closes_on=in_days(90), **everywhere)
    make_call(title="Clos", closes_on=in_days(-3), **everywhere)
    make_call(title="Gagné", closes_on=in_days(-40), winners=[CallWinner(name="Commune")], **everywhere)
    make_call(title="Brouillon", live=False, closes_on=in_days(3), **everywhere)


def shown(client, query=""):
    response = client.get(f"/appels-a-projets/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def test_soonest_comes_first_undated_last_closed_aside(client, calls):
    listing = shown(client)
    assert [(row.page.title, row.status, row.countdown) for row in listing.rows] == [
        ("Imminent", "Clôture imminente", f"Clôture dans 5{NBSP}jours"),
        ("Ouvert", "Ouvert", f"Clôture dans 60{NBSP}jours"),
        ("À venir", "À venir", f"Ouvre dans 5{NBSP}jours"),
        ("Permanent", "Ouvert", "Sans date limite"),
    ]
    assert (listing.count, listing.tags, listing.noindex) == (4, [], False)
    assert listing.hidden.label == f"2{NBSP}appels à projets clos ne sont pas affichés."
    assert listing.hidden.url == "/appels-a-projets/?statut=clos"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?statut=clos", ["Clos", "Gagné"]),
        ("?statut=laureats", ["Gagné"]),
        ("?statut=ouvert", ["Imminent", "Ouvert", "Permanent"]),
        ("?statut=imminent", ["Imminent"]),
        ("?statut=a-venir", ["À venir"]),
        ("?statut=a-venir&statut=clos", ["À venir", "Clos", "Gagné"]),
    ],
)
def test_closed_calls_are_shown_when_they_are_asked_for(client, calls, query, expected):
    listing = shown(client, query)
    assert titles(listing) == expected
    assert listing.hidden is None


def test_counts_are_what_each_value_keeps(client, calls):
    expected = {"a-venir": 1, "ouvert": 3, "imminent": 1, "clos": 2, "laureats": 1}
    assert counts(shown(client), "statut") == expected
    for value, count in expected.items():
        assert shown(client, f"?statut={value}").count == count
    assert counts(shown(client), "type") == {"aap": 3, "permanent": 1}
    assert counts(shown(client, "?statut=clos"), "type") == {"aap": 2, "permanent": 0}


def test_ways_out_of_an_empty_list_count_what_they_show(client, calls):
    listing = shown(client, "?q=imminent&statut=clos")
    assert listing.count == 0
    assert [link.label for link in listing.ways_out] == [
        f"Retirer le filtre «{NBSP}imminent{NBSP}» (2{NBSP}appels à projets)",
        f"Retirer le filtre «{NBSP}Clos{NBSP}» (1{NBSP}appel à projets)",
        f"Tout effacer (4{NBSP}appels à projets)",
        "Nous écrire : un contenu manque peut-être",
    ]
    for link in listing.ways_out[:3]:
        count = shown(client, link.url.removeprefix("/appels-a-projets/")).count
        assert link.label.endswith(f"({listing.plural(count)})")


def test_list_with_only_closed_calls_says_so(client, france):
    make_call(title="Clos", closes_on=in_days(-3), territories=[france["pays:FR"]])
    html = client.get("/appels-a-projets/").content.decode()
    assert "Aucun appel n’est ouvert ni à venir en ce moment." in html
    assert f"1{NBSP}appel à projets clos n’est pas affiché." in html
    assert "Suivre ces dates" not in html


def test_list_changes_with_the_day(client, france, freeze):
    freeze("2027-03-10 12:00")
    make_call(title="Court", opens_on=in_days(1), closes_on=in_days(2), territories=[france["pays:FR"]])
    stands = []
    for moment in ("2027-03-10 23:59", "2027-03-11 00:00", "2027-03-12 23:59", "2027-03-13 00:00"):
        freeze(moment)
        stands.append([row.status for row in shown(client).rows])
    assert stands == [["À venir"], ["Clôture imminente"], ["Clôture imminente"], []]


def test_calls_of_a_commune_are_those_of_each_scale(client, france):
    for title, key in (
        ("De la commune", "commune:23096"),
        ("Du département", "departement:23"),
        ("De France", "pays:FR"),
        ("D’ailleurs", "commune:44109"),
    ):
        make_call(title=title, territories=[france[key]])
    assert sorted(titles(shown(client, "?territoire=commune:23096"))) == [
        "De France",
        "De la commune",
        "Du département",
    ]
    assert titles(shown(client, "?territoire=commune:23096&tri=proximite")) == [
        "De la commune",
        "Du département",
        "De France",
    ]


def test_larger_territory_is_suggested_when_there_are_few_results(client, france):
    make_call(title="De la commune", territories=[france["commune:23096"]])
    for number in range(3):
        make_call(title=f"De Creuse {number}", territories=[france["commune:23190"]])
    response = client.get("/appels-a-projets/?territoire=commune:23096")
    listing = response.context["listing"]
    assert [link.label for link in listing.larger] == [
        f"Élargir à : {name} (4{NBSP}appels à projets)" for name in ("Creuse", "Nouvelle-Aquitaine", "France")
    ]
    assert "Peu d’appels ici" in response.content.decode()
    assert listing.larger[0].url == "/appels-a-projets/?territoire=departement%3A23"
    assert shown(client, "?territoire=departement:23").larger == []


def test_filters_combine(client, france):
    water = ThemeFactory(name="Eau", slug="eau")
    funder = make_actor(title="Fondation de l’eau", slug="fondation", territories=[france["pays:FR"]])
    common = {"territories": [france["pays:FR"]]}
    make_call(title="Pour tous", beneficiaries=["commune", "association"], themes=[water], funders=[funder], **common)
    make_call(title="Pour communes", beneficiaries=["commune"], themes=[water], **common)
    make_call(title="Autre", nature="concours", beneficiaries=["association"], funders=[funder], **common)
    assert counts(shown(client), "financeur") == {"fondation": 2}
    assert titles(shown(client, "?structure=association&thematique=eau&financeur=fondation")) == ["Pour tous"]
    assert titles(shown(client, "?type=concours")) == ["Autre"]
    assert counts(shown(client, "?thematique=eau"), "structure") == {"commune": 2, "association": 1}


def test_funder_that_visitors_may_not_see_is_no_facet(client, france):
    funder = make_actor(title="Financeur secret", live=False, territories=[france["pays:FR"]])
    make_call(title="Appel", funders=[funder], territories=[france["pays:FR"]])
    assert counts(shown(client), "financeur") == {}
    assert "secret" not in client.get("/appels-a-projets/").content.decode()
    assert "secret" not in b"".join(client.get("/appels-a-projets/?export=csv")).decode()
    funder.save_revision().publish()
    assert counts(shown(client), "financeur") == {funder.slug: 1}


def test_calls_published_lately_can_be_asked_for(client, france):
    for title, days in (("Neuf", 1), ("Récent", 20), ("Ancien", 50)):
        call = make_call(title=title, territories=[france["pays:FR"]])
        CallPage.objects.filter(pk=call.pk).update(first_published_at=timezone.now() - timedelta(days=days))
    assert titles(shown(client, "?publies=7")) == ["Neuf"]
    listing = shown(client, "?publies=30&tri=recent")
    assert titles(listing) == ["Neuf", "Récent"]
    assert [tag.label for tag in listing.tags] == ["Publié depuis 30 jours"]


@pytest.mark.parametrize("value", ["8", "abc", "-7", "7 "])
def test_unknown_values_are_told_and_left_aside(client, calls, value):
    listing = shown(client, f"?publies={value}&statut=bizarre&structure=licorne&export=pdf")
    told = {item.parameter for item in listing.ignored}
    assert {"statut", "structure", "export"} <= told
    assert listing.count == 4


def test_file_says_what_the_list_keeps(client, france):
    funder = make_actor(title="La Fondation", territories=[france["pays:FR"]])
    make_call(
        title="Halles",
        closes_on=in_days(9),
        amount_max=50_000,
        rate_min=20,
        beneficiaries=["commune", "epci"],
        funders=[funder],
        funders_text="et d’autres",
        territories=[france["pays:FR"]],
    )
    make_call(title="Clos", closes_on=in_days(-9), territories=[france["pays:FR"]])
    text = b"".join(client.get("/appels-a-projets/?export=csv")).decode("utf-8-sig")
    header, line = (row.split(";") for row in text.splitlines())
    found = dict(zip(header, line, strict=True))
    assert found["Titre"] == "Halles"
    assert (found["Nature"], found["Statut"]) == ("appel à projets", "clôture imminente")
    assert (found["Clôture"], found["Montant maximal (€)"], found["Taux minimal (%)"]) == (
        in_days(9).isoformat(),
        "50000",
        "20",
    )
    assert found["Qui peut candidater"] == "commune | intercommunalité"
    assert found["Financeurs"] == "La Fondation | et d’autres"


def test_home_page_gets_those_that_close_soon(calls, france):
    make_call(title="Dans trois semaines", closes_on=in_days(21), territories=[france["pays:FR"]])
    assert [row.page.title for row in closing_soon(5)] == ["Imminent", "Dans trois semaines"]
    assert [row.page.title for row in closing_soon(1)] == ["Imminent"]


def test_commune_page_shows_the_calls_open_to_it(client, calls, france):
    make_call(title="De Nantes", closes_on=in_days(2), territories=[france["commune:44109"]])
    html = client.get(france["commune:23096"].get_absolute_url()).content.decode()
    block = html[html.index("Appels à projets ouverts") : html.index("Voir les appels à projets pour ce territoire")]
    places = [block.index(f">{title}</a>") for title in ("Imminent", "Ouvert", "Permanent")]
    assert places == sorted(places)
    for title in ("De Nantes", "À venir", "Clos", "Gagné", "Brouillon"):
        assert f">{title}</a>" not in block
    assert 'href="/appels-a-projets/?territoire=commune%3A23096"' in html
    assert "Contenus utiles ici" not in html


def test_commune_without_open_call_has_no_block(client, france):
    make_call(title="Clos", closes_on=in_days(-2), territories=[france["pays:FR"]])
    assert "Appels à projets ouverts" not in client.get(france["commune:23096"].get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "path", ["/appels-a-projets/", "/appels-a-projets/?q=appel&territoire=commune:23096&structure=commune&publies=30"]
)
def test_queries_are_few_and_do_not_grow(client, france, path):
    funder = make_actor(title="Fondation", territories=[france["pays:FR"]])
    seen, added = {}, 0
    for total in (1, 3, 12):
        for number in range(added, total):
            make_call(title=f"Appel {number}", funders=[funder], territories=[france["pays:FR"]])
        added = total
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        seen[total] = len(queries)
    assert max(seen.values()) <= 15
    assert seen[3] == seen[12]
