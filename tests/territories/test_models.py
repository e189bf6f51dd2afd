"""The questions asked of the map, and how French says a territory."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from territoires_en_commun.territories.models import Territory, TerritoryImport
from tests.factories import TerritoryFactory, TerritoryImportFactory


def keys(territories) -> list[str]:
    return [territory.key for territory in territories]


def test_small_france_has_every_type_and_status(small_france):
    assert {(t.type, t.is_active) for t in small_france.values()} == {
        ("commune", True),
        ("commune", False),
        ("commune-deleguee", True),
        ("commune-associee", True),
        ("arrondissement", True),
        ("epci", True),
        ("ept", True),
        ("departement", True),
        ("region", True),
        ("pays", True),
    }


def test_covering_lists_containers_nearest_first(small_france):
    expected = [
        "commune:44109 epci:244400404 departement:44 region:52 pays:FR",
        "commune:85113 departement:85 region:52 pays:FR",
        "commune:94038 ept:200058014 epci:200054781 departement:94 region:11 pays:FR",
        "arrondissement:75112 commune:75056 epci:200054781 departement:75 region:11 pays:FR",
        "commune:97801 departement:978 region:978 pays:FR",
        "commune-deleguee:01091 commune:01033 epci:240100891 departement:01 region:84 pays:FR",
        "commune:01091 commune:01033 epci:240100891 departement:01 region:84 pays:FR",
        "epci:243500741 departement:35 departement:44 departement:56 region:53 region:52 pays:FR",
        "region:04 pays:FR",
        "pays:FR",
    ]
    assert [" ".join(keys(Territory.objects.covering(small_france[line.split()[0]]))) for line in expected] == expected


def test_within_lists_parts_former_communes_and_straddling_epci(small_france):
    loire_atlantique = set(keys(Territory.objects.within(small_france["departement:44"])))
    assert {"departement:44", "commune:44109", "epci:244400404", "epci:243500741"} <= loire_atlantique
    assert "commune:35236" not in loire_atlantique
    valserhone = Territory.objects.within(small_france["commune:01033"])
    assert "commune:01018" in keys(valserhone)
    assert "commune:01018" not in keys(valserhone.active())
    assert "commune-deleguee:01091" in keys(valserhone.active())


def test_within_france_is_everything(small_france):
    assert Territory.objects.within(small_france["pays:FR"]).count() == len(small_france)


def test_active_leaves_former_communes_out(small_france):
    assert not Territory.objects.active().filter(code="01018", type="commune").exists()
    assert Territory.objects.active().filter(code="01033", type="commune").exists()


def test_get_by_key_finds_the_territory(small_france):
    assert Territory.objects.get_by_key("commune:44109").name == "Nantes"
    assert Territory.objects.get_by_key("departement:01").name == "Ain"
    assert Territory.objects.get_by_key("region:01").name == "Guadeloupe"


@pytest.mark.parametrize(
    "key", ["", "44109", "commune:", ":44109", "ville:44109", "commune:4410\x00", "commune:99999", "a" * 5000]
)
def test_get_by_key_refuses_what_is_no_key(small_france, key):
    with pytest.raises(Territory.DoesNotExist):
        Territory.objects.get_by_key(key)


def test_current_is_the_commune_of_today(small_france):
    expected = [
        ("commune:44109", "commune:44109"),
        ("commune:01018", "commune:01033"),
        ("commune-deleguee:01091", "commune:01033"),
        ("commune-associee:59355", "commune:59350"),
        ("arrondissement:75112", "arrondissement:75112"),
        # moved from one commune to another since: the package's `anciensCodes` still names the first
        ("commune:55273", "commune:55386"),
        ("commune-deleguee:60455", "commune:60694"),
    ]
    assert [(key, small_france[key].current.key) for key, _ in expected] == expected


def test_current_follows_a_chain(db):
    last = TerritoryFactory(name="Dernière")
    middle = TerritoryFactory(name="Milieu", is_active=False, replaced_by=last)
    first = TerritoryFactory(name="Première", is_active=False, replaced_by=middle)
    part = TerritoryFactory(name="Partie", type="commune-deleguee", commune=first)
    assert part.current == first.current == middle.current == last.current == last


def test_precision_tells_homonyms_apart(small_france):
    expected = [
        ("commune:44109", "Loire-Atlantique (44)"),
        ("commune:98735", "Polynésie française (987)"),
        ("commune:01018", "ancienne commune, aujourd'hui Valserhône, Ain (01)"),
        ("commune-deleguee:01091", "commune déléguée de Valserhône, Ain (01)"),
        ("commune-associee:59355", "commune associée à Lille, Nord (59)"),
        ("arrondissement:75112", "arrondissement municipal, Paris (75)"),
        ("epci:244400404", "intercommunalité, 4 communes, Loire-Atlantique (44)"),
        (
            "epci:243500741",
            "intercommunalité, 4 communes, Ille-et-Vilaine (35), Loire-Atlantique (44) et Morbihan (56)",
        ),
        ("ept:200058014", "établissement public territorial, 1 commune, Val-de-Marne (94) et Essonne (91)"),
        ("departement:44", "département, Pays de la Loire"),
        ("departement:988", "collectivité d'outre-mer à statut particulier"),
        ("region:978", "collectivité d'outre-mer"),
        ("region:52", "région"),
        ("pays:FR", "pays"),
    ]
    assert [(key, small_france[key].precision) for key, _ in expected] == expected


def test_names_are_said_as_french_says_them(small_france):
    expected = [
        ("commune:44109", "Nantes", "à Nantes", "de Nantes"),
        ("commune:76351", "Le Havre", "au Havre", "du Havre"),
        ("commune:17300", "La Rochelle", "à La Rochelle", "de La Rochelle"),
        ("commune:85194", "Les Sables-d'Olonne", "aux Sables-d'Olonne", "des Sables-d'Olonne"),
        ("commune:94038", "L'Haÿ-les-Roses", "à L'Haÿ-les-Roses", "de L'Haÿ-les-Roses"),
        ("commune:60703", "Aux Marais", "aux Marais", "des Marais"),
        ("commune:66104", "Los Masos", "à Los Masos", "de Los Masos"),
        ("commune:74010", "Annecy", "à Annecy", "d'Annecy"),
        (
            "arrondissement:75112",
            "le 12e arrondissement de Paris",
            "dans le 12e arrondissement de Paris",
            "du 12e arrondissement de Paris",
        ),
        ("epci:244400404", "Nantes Métropole", "sur le territoire de Nantes Métropole", "de Nantes Métropole"),
        ("epci:200046977", "la Métropole de Lyon", "dans la Métropole de Lyon", "de la Métropole de Lyon"),
        (
            "epci:240100891",
            "la communauté de communes Terre Valserhône",
            "dans la communauté de communes Terre Valserhône",
            "de la communauté de communes Terre Valserhône",
        ),
        ("departement:23", "la Creuse", "dans la Creuse", "de la Creuse"),
        ("departement:44", "la Loire-Atlantique", "en Loire-Atlantique", "de la Loire-Atlantique"),
        ("departement:06", "les Alpes-Maritimes", "dans les Alpes-Maritimes", "des Alpes-Maritimes"),
        ("departement:35", "Ille-et-Vilaine", "en Ille-et-Vilaine", "d'Ille-et-Vilaine"),
        ("departement:58", "la Nièvre", "dans la Nièvre", "de la Nièvre"),
        ("departement:01", "l'Ain", "dans l'Ain", "de l'Ain"),
        ("departement:75", "Paris", "à Paris", "de Paris"),
        ("departement:974", "La Réunion", "à La Réunion", "de La Réunion"),
        ("departement:988", "la Nouvelle-Calédonie", "en Nouvelle-Calédonie", "de la Nouvelle-Calédonie"),
        ("region:53", "la Bretagne", "en Bretagne", "de Bretagne"),
        ("region:44", "le Grand Est", "dans le Grand Est", "du Grand Est"),
        ("region:11", "l'Île-de-France", "en Île-de-France", "d'Île-de-France"),
        ("region:06", "Mayotte", "à Mayotte", "de Mayotte"),
        ("pays:FR", "la France", "en France", "de la France"),
    ]
    found = [small_france[key] for key, *_ in expected]
    assert [(t.key, t.name_with_article, t.in_name, t.of_name) for t in found] == expected


def test_every_name_can_be_said(small_france):
    for territory in small_france.values():
        said = [territory.name_with_article, territory.in_name, territory.of_name]
        assert all("  " not in phrase and phrase.strip() == phrase for phrase in said), said


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("L'Haÿ-les-Roses", "l-hay-les-roses"),
        ("Wœrth", "woerth"),
        ("Œting", "oeting"),
        ("Y", "y"),
        ("CA de Blois « Agglopolys »", "ca-de-blois-agglopolys"),
        ("!!!", "territoire"),
    ],
)
def test_slug_reads_like_the_name(db, name, slug):
    assert TerritoryFactory(name=name).slug == slug


def test_absolute_url_is_type_code_and_slug(small_france):
    assert small_france["commune:44109"].get_absolute_url() == "/territoires/commune-44109-nantes/"
    url = small_france["commune-deleguee:01091"].get_absolute_url()
    assert url == "/territoires/commune-deleguee-01091-chatillon-en-michaille/"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"latitude": 47.2}, "Un point a une latitude (-90 à 90) et une longitude (-180 à 180)."),
        ({"latitude": 95, "longitude": 2}, "Un point a une latitude (-90 à 90) et une longitude (-180 à 180)."),
    ],
)
def test_point_is_whole_and_on_the_globe(db, values, message):
    territory = TerritoryFactory.build(**values)
    with pytest.raises(ValidationError) as refusal:
        territory.validate_constraints()
    assert refusal.value.messages == [message]
    with pytest.raises(IntegrityError), transaction.atomic():
        territory.save()


def test_replaced_territory_cannot_be_active(db):
    today = TerritoryFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryFactory(is_active=True, replaced_by=today)


def test_type_and_code_are_unique_together(db):
    TerritoryFactory(type="departement", code="01", name="Ain")
    TerritoryFactory(type="region", code="01", name="Guadeloupe")
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryFactory(type="region", code="01", name="Autre")


def test_latest_import_is_the_last_one_made(db):
    TerritoryImportFactory(vintage="2026")
    latest = TerritoryImportFactory(vintage="2027")
    assert TerritoryImport.objects.latest() == latest
    assert str(latest) == "2027 (00000000)"
