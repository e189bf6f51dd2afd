"""Rows of our data file from the `decoupage-administratif` packages (INSEE COG, DGCL, La Poste)."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from territoires_en_commun.territories.datafile import TerritoryRow

from .points import Place

TYPES = {
    "commune-actuelle": "commune",
    "commune-deleguee": "commune-deleguee",
    "commune-associee": "commune-associee",
    "arrondissement-municipal": "arrondissement",
}
LEADING_ARTICLES = {"Le ": 2, "La ": 3, "Les ": 4, "L'": 5, "Aux ": 6, "Las ": 7, "Los ": 8}
VOWEL = re.compile(r"[aeiouàâäéèêëîïôöùûüœæ]", re.IGNORECASE)


@dataclass
class Decoupage:
    """The files of a `decoupage-administratif` package."""

    version: str
    communes: list[dict]
    epci: list[dict]
    ept: list[dict]
    departements: list[dict]
    regions: list[dict]

    @classmethod
    def read(cls, directory: Path) -> "Decoupage":
        """Read an unpacked package; raise OSError or ValueError when a file is missing or isn't JSON."""

        def load(name: str):
            return json.loads((directory / name).read_text(encoding="utf-8"))

        lists = {name: load(f"data/{name}.json") for name in ("communes", "epci", "ept", "departements", "regions")}
        return cls(version=load("package.json")["version"], **lists)

    def members(self) -> dict[str, list[str]]:
        """Keys of the EPT and EPCI of each commune, by its code."""
        found = defaultdict(list)
        for type_, groups in (("ept", self.ept), ("epci", self.epci)):
            for group in groups:
                for member in group["membres"]:
                    found[member["code"]].append(f"{type_}:{group['code']}")
        return found


class History:
    """Names that communes bore since 1943, from the `historique-communes.json` of an older package."""

    def __init__(self, directory: Path):
        events = json.loads((directory / "data/historique-communes.json").read_text(encoding="utf-8"))
        # Last, the last time it was a commune in its own right; a few codes were only ever those of a part.
        events.sort(key=lambda event: (event["code"], event["type"] == "COM", event.get("dateFin", "9999")))
        self.names = {code: list(steps) for code, steps in groupby(events, key=lambda event: event["code"])}

    def last(self, code: str) -> tuple[str, int] | None:
        """The last name of a commune of that code, and its article."""
        steps = self.names.get(code)
        return (steps[-1]["nom"], steps[-1]["typeLiaison"]) if steps else None

    def all(self, code: str) -> set[str]:
        """Every name that the code bore."""
        return {step["nom"] for step in self.names.get(code, [])}


def territory_rows(source: Decoupage, history: History) -> list[TerritoryRow]:
    """Every row of the data file, without points, in the order of scales then codes."""
    rows = [_row("pays", "FR", "France", 3)]
    population = _populations(source)
    rows[0].population = sum(value for key, value in population.items() if key.startswith("departement:"))
    for type_, places, parent in (
        ("region", source.regions, lambda place: "pays:FR"),
        ("departement", source.departements, lambda place: f"region:{place['region']}"),
    ):
        for place in places:
            row = _row(type_, place["code"], place["nom"], place["typeLiaison"], category=place["zone"])
            row.population, row.parents = population.get(row.key), [parent(place)]
            rows.append(row)
    rows += _intercommunal(source)
    rows += _communal(source, history)
    return sorted(rows, key=lambda row: (list(_ORDER).index(row.type), row.code))


def places(source: Decoupage, history: History) -> dict[str, Place]:
    """What is known of the whereabouts of each commune, former ones included, by code."""
    epci = {code: keys[-1] for code, keys in source.members().items()}
    found = {}
    for place in source.communes:
        if place["type"] == "arrondissement-municipal" or place["code"] in found:
            continue
        former = place.get("anciensCodes", [])
        names = {place["nom"]}.union(*(history.all(code) for code in [place["code"], *former]))
        seat = place.get("chefLieu", place["code"])
        found[place["code"]] = Place(names, place.get("population", 0), epci.get(seat, ""), place["departement"])
    return found


_ORDER = [
    "pays",
    "region",
    "departement",
    "epci",
    "ept",
    "commune",
    "arrondissement",
    "commune-deleguee",
    "commune-associee",
]


def _row(type_: str, code: str, name: str, article_kind: int | None, **values) -> TerritoryRow:
    """A row with nothing but its identity; the article is read in the name when the source gives none."""
    name = re.sub(r"''(.+?)''", "«\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}»", " ".join(name.split()))
    if not article_kind:
        article = next((kind for prefix, kind in LEADING_ARTICLES.items() if name.startswith(prefix)), None)
        if type_.startswith("commune") and article:
            article_kind = article
        elif article_kind is None:
            article_kind = 1 if VOWEL.match(name) else 0
    empty = {
        "siren": "",
        "postal_codes": [],
        "population": None,
        "category": "",
        "latitude": None,
        "longitude": None,
        "active": True,
        "replaced_by": "",
        "parents": [],
    }
    return TerritoryRow(type_, code, name, article_kind, **(empty | values))


def _populations(source: Decoupage) -> Counter:
    """Sums of the communes, by key of département and région; those with no inhabited commune are absent."""
    sums = Counter()
    for place in source.communes:
        if place["type"] == "commune-actuelle" and "population" in place:
            sums[f"departement:{place['departement']}"] += place["population"]
            sums[f"region:{place['region']}"] += place["population"]
    return sums


def _intercommunal(source: Decoupage) -> list[TerritoryRow]:
    """EPCI and EPT, in each département they reach, the most populated share first; their code is their SIREN."""
    departement = {place["code"]: place["departement"] for place in source.communes}
    of_commune = source.members()
    rows = []
    for type_, groups in (("epci", source.epci), ("ept", source.ept)):
        for group in groups:
            shares = Counter()
            for member in group["membres"]:
                shares[departement[member["code"]]] += member["populationMunicipale"]
            row = _row(type_, group["code"], group["nom"], None, siren=group["code"], category=group["type"])
            row.population = group["populationMunicipale"]
            row.parents = [f"departement:{code}" for code, _ in sorted(shares.items(), key=lambda it: (-it[1], it[0]))]
            if type_ == "ept":
                row.parents.insert(0, of_commune[group["membres"][0]["code"]][-1])
            rows.append(row)
    return rows


def _communal(source: Decoupage, history: History) -> list[TerritoryRow]:
    """Communes, their parts, and one inactive row for each code merged into another."""
    members = source.members()
    # Truer than `anciensCodes`, which misses the parts that changed commune.
    parts = {place["code"]: place for place in source.communes if "chefLieu" in place}
    rows = []
    for place in source.communes:
        row = _row(TYPES[place["type"]], place["code"], place["nom"], place.get("typeLiaison"))
        row.siren, row.postal_codes = place.get("siren", ""), place.get("codesPostaux", [])
        row.population = place.get("population")
        if row.type == "commune":
            row.parents = [*members[row.code], f"departement:{place['departement']}"]
        else:
            row.parents = [f"commune:{place.get('commune') or place['chefLieu']}"]
            row.name = row.name.replace("Arrondissement", "arrondissement")
        rows.append(row)
        for code in place.get("anciensCodes", []):
            part = parts.get(code, {"nom": f"Ancienne commune {code}", "typeLiaison": 1, "chefLieu": place["code"]})
            name, article_kind = history.last(code) or (part["nom"], part["typeLiaison"])
            successor = f"commune:{part['chefLieu']}"
            rows.append(_row("commune", code, name, article_kind, active=False, replaced_by=successor))
    return rows
