"""« Territoires comme le mien »: what is alike, in which order, and why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ressources.population_bands import band_label, band_of
from tests.factories import ActorPageFactory, DirectoryPage, ProgrammeFactory, ProgrammeTerritoryFactory
from tests.filled_site import fill_once
from tests.ressources.experiences import make_experience

BAND = "Même strate de population (10\u202f000 à 20\u202f000\u00a0habitants)"


@pytest.fixture
def france(home, small_france):
    return small_france


@pytest.fixture
def experiences(france):
    fill_once(write_experiences, france)
    return france


def write_experiences(france):
    """One experience in each of nine places; some share something with Guéret."""
    holder = ActorPageFactory(parent=DirectoryPage.objects.get())
    keys = (
        *("commune:23096", "commune:23190", "commune:44036", "commune:33063", "commune:01033", "commune:44143"),
        *("epci:200034825", "departement:23", "commune:44109"),
    )
    for key in keys:
        make_experience(title=france[key].name, place=france[key], holder=holder)
    programme = ProgrammeFactory(name="Action fictive", slug="action-fictive")
    ended = timezone.localdate() - timedelta(days=1)
    ProgrammeTerritoryFactory(programme=programme, territory=france["epci:200034825"])
    ProgrammeTerritoryFactory(programme=programme, territory=france["commune:01033"])
    ProgrammeTerritoryFactory(programme=programme, territory=france["epci:244400404"], end=ended)
    ProgrammeTerritoryFactory(programme=programme, territory=france["commune:44143"], external_ref="2")


def shown(client, query):
    response = client.get(f"/experiences/{query}")
    assert response.status_code == 200
    return response.context["listing"]


def rows(client, query):
    return [(row.page.title, row.reason) for row in shown(client, query).rows]


def test_communes_alike_come_in_order_with_the_reason(client, experiences):
    assert rows(client, "?comme=commune:23096") == [
        ("Valserhône", f"{BAND}, programme Action fictive"),
        ("CA du Grand Guéret", "Même intercommunalité, programme Action fictive"),
        ("Châteaubriant", BAND),
        ("Rezé", "Programme Action fictive"),
        ("Creuse", "Même département"),
        ("Saint-Domet", "Même département"),
        ("Bordeaux", "Même région"),
    ]


@pytest.mark.parametrize(
    ("criteria", "titles"),
    [
        ("selon=strate", ["Valserhône", "Châteaubriant"]),
        ("selon=epci", ["CA du Grand Guéret"]),
        ("selon=departement", ["CA du Grand Guéret", "Creuse", "Saint-Domet"]),
        ("selon=region", ["CA du Grand Guéret", "Creuse", "Saint-Domet", "Bordeaux"]),
        ("selon=programme", ["Valserhône", "CA du Grand Guéret", "Rezé"]),
        ("selon=strate&selon=epci", ["Valserhône", "CA du Grand Guéret", "Châteaubriant"]),
        ("selon=strate&tri=titre", ["Châteaubriant", "Valserhône"]),
        ("q=valserhône", ["Valserhône"]),
        ("territoire=region:84", ["Valserhône"]),
    ],
)
def test_visitor_narrows_and_widens(client, experiences, criteria, titles):
    assert [title for title, _ in rows(client, f"?comme=commune:23096&{criteria}")] == titles


def test_criteria_say_what_they_mean_and_how_many_they_keep(client, experiences):
    facets = {facet.name: facet for facet in shown(client, "?comme=commune:23096").facets}
    assert [(value.value, value.label, value.count) for value in facets["selon"].values] == [
        ("strate", BAND, 2),
        ("programme", "Même programme de l’État", 3),
        ("epci", "Même intercommunalité (CA du Grand Guéret)", 1),
        ("departement", "Même département (Creuse)", 3),
        ("region", "Même région (Nouvelle-Aquitaine)", 4),
    ]
    assert "selon" not in {facet.name for facet in shown(client, "").facets}


def test_name_typed_without_script_is_enough(client, experiences):
    assert [title for title, _ in rows(client, "?comme=Guéret&selon=strate")] == ["Valserhône", "Châteaubriant"]


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("?comme=commune:99999", ["comme"]),
        ("?comme=departement:23", ["comme"]),
        ("?comme=%00", ["comme"]),
        (f"?comme={'a' * 5000}", ["comme"]),
        ("?selon=strate", ["selon"]),
        ("?comme=commune:23096&selon=densite", ["selon"]),
        ("?tri=ressemblance", ["tri"]),
        ("?comme=saint-denis", ["comme"]),
    ],
)
def test_bad_values_are_said_and_left_aside(client, experiences, query, ignored):
    listing = shown(client, query)
    assert [item.parameter for item in listing.ignored] == ignored
    assert listing.count == (7 if "23096" in query else 9)


def test_draft_is_alike_nothing(client, experiences, france):
    make_experience(title="Brouillon secret", place=france["commune:97228"], live=False)
    assert "Brouillon secret" not in client.get("/experiences/?comme=commune:23096").content.decode()


@pytest.mark.parametrize(
    ("population", "label"),
    [
        (0, "moins de 500 habitants"),
        (499, "moins de 500 habitants"),
        (500, "500 à 2 000 habitants"),
        (1_999, "500 à 2 000 habitants"),
        (2_000, "2 000 à 5 000 habitants"),
        (5_000, "5 000 à 10 000 habitants"),
        (10_000, "10 000 à 20 000 habitants"),
        (20_000, "20 000 à 50 000 habitants"),
        (49_999, "20 000 à 50 000 habitants"),
        (50_000, "plus de 50 000 habitants"),
    ],
)
def test_band_holds_its_lower_limit(population, label):
    assert " ".join(band_label(band_of("commune", population)).split()) == label


def test_only_communes_of_known_population_have_a_band():
    assert (band_of("epci", 1000), band_of("commune", None)) == (None, None)
