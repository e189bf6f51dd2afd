"""The builder of the data file, on small packages of the same shape as the published ones."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from territoires_en_commun.territories.building.points import City, Place, match_points, normalize, read_cities
from territoires_en_commun.territories.datafile import read_territories


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def packed_cities(*cities: dict) -> bytes:
    """Cities in the protocol buffers of the package: texts by tag, then coordinates as deltas."""
    out, last = b"", (0, 0)
    for city in cities:
        point = round(city["longitude"] * 1e5), round(city["latitude"] * 1e5)
        body = b""
        for tag, text in (
            (2, city["name"]),
            (3, city["country"]),
            (6, city.get("code", "")),
            (8, city.get("admin", "")),
        ):
            if text:
                body += varint(tag << 3 | 2) + varint(len(text.encode())) + text.encode()
        body += varint(9 << 3) + varint(city.get("population", 0))
        for tag, value, before in ((10, point[0], last[0]), (11, point[1], last[1])):
            body += varint(tag << 3) + varint(zigzag(value - before))
        out, last = out + varint(len(body)) + body, point
    return out


CITIES = [
    {
        "name": "Nantes",
        "country": "FR",
        "code": "44109",
        "population": 277_269,
        "longitude": -1.55336,
        "latitude": 47.21725,
    },
    {
        "name": "Antwerpen",
        "country": "BE",
        "code": "44109",
        "population": 459_805,
        "longitude": 4.40346,
        "latitude": 51.21989,
    },
    {"name": "Paris", "country": "FR", "population": 2_138_551, "longitude": 2.3488, "latitude": 48.85341},
    {"name": "Mamoudzou", "country": "YT", "admin": "97611", "longitude": 45.22878, "latitude": -12.78234},
    {"name": "Papeete", "country": "PF", "admin": "01", "longitude": -149.56503, "latitude": -17.53733},
]


@pytest.fixture
def cities(tmp_path):
    path = tmp_path / "cities.pbf"
    path.write_bytes(packed_cities(*CITIES))
    return path


def test_cities_are_read_with_their_point_and_only_the_french_ones(cities):
    assert [(c.name, c.code, c.latitude, c.longitude) for c in read_cities(cities)] == [
        ("Nantes", "44109", 47.21725, -1.55336),
        ("Paris", "75056", 48.85341, 2.3488),
        ("Mamoudzou", "97611", -12.78234, 45.22878),
        ("Papeete", "01", -17.53733, -149.56503),
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("L'Haÿ-les-Roses", "haylesroses"),
        ("Wœrth", "woerth"),
        ("St Florent", "saintflorent"),
        ("Ste-Marie", "saintemarie"),
        ("Le Havre", "havre"),
        ("Lens", "lens"),
    ],
)
def test_names_are_compared_by_their_letters(name, key):
    assert normalize(name) == key


def place(name, departement="44", epci="epci:1", population=1000) -> Place:
    return Place({name}, population, epci, departement)


def city(name, code, latitude=47.2, longitude=-1.5, *, population=1000, country="FR") -> City:
    return City(name, country, code, population, latitude, longitude)


NEIGHBOURS = {"44001": place("Un"), "44002": place("Deux"), "44003": place("Trois")}
NEIGHBOUR_CITIES = [city("Un", "44001"), city("Deux", "44002"), city("Trois", "44003")]


def matched(cities, places):
    return match_points([*NEIGHBOUR_CITIES, *cities], NEIGHBOURS | places)


def test_point_goes_to_the_city_that_bears_the_name_rather_than_the_most_populated():
    cities = [city("Lyon", "69123", 47.21, population=500), city("Tassin", "69123", 47.25, population=9000)]
    points, rejected = matched(cities, {"69123": place("Lyon")})
    assert (points["69123"], rejected) == ((47.21, -1.5), [])


def test_point_far_from_its_epci_is_rejected():
    points, rejected = matched([city("Quatre", "44004", latitude=48.2)], {"44004": place("Quatre")})
    assert "44004" not in points
    assert rejected == ["44004 Quatre : Quatre (FR), à 111 km"]


def test_point_of_another_name_needs_a_common_word_and_nearness():
    places = {code: place("Vallières-sur-Fier") for code in ("74001", "74002", "74003")}
    cities = [
        city("Vallières", "74001", latitude=47.3),
        city("Saint-Leu", "74002", latitude=47.3),
        city("Vallières-le-Haut", "74003", latitude=47.5),
    ]
    points, rejected = matched(cities, places)
    assert set(points) - set(NEIGHBOURS) == {"74001"}
    assert [line[:5] for line in rejected] == ["74002", "74003"]


def test_overseas_city_without_code_is_found_by_its_name():
    cities = [city("Papeete", "01", -17.5, -149.6, country="PF"), city("Faaa", "02", -17.6, -149.7, country="PF")]
    points, _ = matched(cities, {"98735": place("Papeete", "987", ""), "98715": place("Faaa", "987", "")})
    assert (points["98735"], points["98715"]) == ((-17.5, -149.6), (-17.6, -149.7))


@pytest.fixture
def packages(tmp_path):
    """Two départements, a straddling EPCI, a commune nouvelle, an associée that moved, and Paris."""

    def commune(code, nom, departement="44", **values):
        base = {"code": code, "nom": nom, "typeLiaison": 0, "departement": departement, "region": "52"}
        return base | {"type": "commune-actuelle", "zone": "metro", "codesPostaux": [f"{departement:0<5}"]} | values

    def part(code, nom, chef_lieu, type_):
        return commune(code, nom, type=type_, chefLieu=chef_lieu)

    communes = [
        commune("44001", "Nantes", population=300, siren="214400010", anciensCodes=["44009", "44008"]),
        commune("44002", "Le Bignon", population=200, typeLiaison=2),
        commune("49001", "Angers", "49", population=900),
        commune("98899", "Le Mont-Dore", "988", region="988", typeLiaison=None, zone="com"),
        part("44009", "Doulon", "44001", "commune-deleguee"),
        part("44008", "Chantenay", "44002", "commune-associee"),
        commune("75112", "Paris 12e Arrondissement", type="arrondissement-municipal", commune="44001", population=5),
    ]
    members = [{"code": "44001", "populationMunicipale": 250}, {"code": "49001", "populationMunicipale": 800}]
    epci = {
        "code": "200000001",
        "nom": "CA  de ''Loire''",
        "type": "CA",
        "populationMunicipale": 1050,
        "membres": members,
    }
    regions = [{"code": "52", "nom": "Pays de la Loire", "typeLiaison": 4, "zone": "metro"}]
    regions.append({"code": "988", "nom": "Nouvelle-Calédonie", "typeLiaison": 0, "zone": "com"})
    departements = [
        {"code": "44", "nom": "Loire-Atlantique", "region": "52", "typeLiaison": 3, "zone": "metro"},
        {"code": "49", "nom": "Maine-et-Loire", "region": "52", "typeLiaison": 0, "zone": "metro"},
        {"code": "988", "nom": "Nouvelle-Calédonie", "region": "988", "typeLiaison": 0, "zone": "com"},
    ]
    history = [
        {"code": "44009", "nom": "Doulon-le-Vieux", "type": "COM", "typeLiaison": 0, "dateFin": "1900-01-01"},
        {"code": "44009", "nom": "Doulon", "type": "COM", "typeLiaison": 0, "dateFin": "1908-01-01"},
        {"code": "44009", "nom": "Doulon (partie)", "type": "COMA", "typeLiaison": 0},
    ]
    for folder, files in {
        "decoupage": {
            "package": {"version": "6.0.0"},
            "data/communes": communes,
            "data/epci": [epci],
            "data/ept": [],
            "data/departements": departements,
            "data/regions": regions,
        },
        "history": {"data/historique-communes": history},
    }.items():
        for name, content in files.items():
            path = tmp_path / folder / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
    nantes = {"name": "Nantes", "country": "FR", "code": "44001", "longitude": -1.55, "latitude": 47.2}
    (tmp_path / "cities").mkdir()
    (tmp_path / "cities/cities.pbf").write_bytes(packed_cities(nantes))
    return tmp_path


def build(packages):
    output = packages / "territoires.csv.xz"
    call_command(
        "build_territories_data",
        decoupage=packages / "decoupage",
        history=packages / "history",
        cities=packages / "cities",
        vintage="2026",
        output=output,
        stdout=StringIO(),
    )
    return output


def test_builder_writes_a_file_that_the_import_reads(packages):
    rows = read_territories(build(packages)).rows
    assert {key: (row.name, row.active, row.replaced_by, row.parents) for key, row in rows.items()} == {
        "pays:FR": ("France", True, "", []),
        "region:52": ("Pays de la Loire", True, "", ["pays:FR"]),
        "region:988": ("Nouvelle-Calédonie", True, "", ["pays:FR"]),
        "departement:44": ("Loire-Atlantique", True, "", ["region:52"]),
        "departement:49": ("Maine-et-Loire", True, "", ["region:52"]),
        "departement:988": ("Nouvelle-Calédonie", True, "", ["region:988"]),
        "epci:200000001": ("CA de «\xa0Loire\xa0»", True, "", ["departement:49", "departement:44"]),
        "commune:44001": ("Nantes", True, "", ["epci:200000001", "departement:44"]),
        "commune:44002": ("Le Bignon", True, "", ["departement:44"]),
        "commune:44008": ("Chantenay", False, "commune:44002", []),
        "commune:44009": ("Doulon", False, "commune:44001", []),
        "commune:49001": ("Angers", True, "", ["epci:200000001", "departement:49"]),
        "commune:98899": ("Le Mont-Dore", True, "", ["departement:988"]),
        "arrondissement:75112": ("Paris 12e arrondissement", True, "", ["commune:44001"]),
        "commune-deleguee:44009": ("Doulon", True, "", ["commune:44001"]),
        "commune-associee:44008": ("Chantenay", True, "", ["commune:44002"]),
    }
    populations = {key: row.population for key, row in rows.items() if row.population is not None}
    assert populations == {
        "pays:FR": 1400,
        "region:52": 1400,
        "departement:44": 500,
        "departement:49": 900,
        "epci:200000001": 1050,
        "commune:44001": 300,
        "commune:44002": 200,
        "commune:49001": 900,
        "arrondissement:75112": 5,
    }
    assert (rows["commune:44001"].latitude, rows["commune:44001"].longitude) == (47.2, -1.55)
    assert (rows["commune:98899"].article_kind, rows["commune:44002"].article_kind) == (2, 2)


def test_builder_gives_the_same_bytes_twice(packages):
    assert build(packages).read_bytes() == build(packages).read_bytes()


def test_builder_says_which_package_is_unreadable(packages):
    (packages / "decoupage/data/epci.json").unlink()
    with pytest.raises(CommandError, match=r"^Paquet illisible : .*epci\.json"):
        build(packages)


def test_builder_keeps_the_old_file_when_the_new_one_would_be_refused(packages):
    output = build(packages)
    before = output.read_bytes()
    path = packages / "decoupage/data/departements.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"region": "52"', '"region": "53"'), encoding="utf-8")
    with pytest.raises(CommandError, match="territoire englobant inconnu : region:53"):
        build(packages)
    assert output.read_bytes() == before
    assert not output.with_suffix(".draft").exists()
