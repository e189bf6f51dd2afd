"""What contains what, and what tells homonyms apart: pure functions over the rows of the data file."""

from collections import Counter

from .datafile import TerritoryRow
from .models import TerritoryType

SCALES = ["commune", "ept", "epci", "departement", "region", "pays"]
CLIMBED = ("commune", "departement", "region", "pays")  # an EPCI lends none of its départements to its communes
PARTS = {
    "commune-deleguee": "commune déléguée de",
    "commune-associee": "commune associée à",
}
OVERSEAS_STATUS = {
    "984": "territoire d'outre-mer",
    "988": "collectivité d'outre-mer à statut particulier",
    "989": "possession française",
}


def current_key(key: str, rows: dict[str, TerritoryRow]) -> str:
    """The key of today's territory, at the end of the chain of replacements."""
    while rows[key].replaced_by:
        key = rows[key].replaced_by
    return key


def ancestors(key: str, rows: dict[str, TerritoryRow], known: dict[str, list[str]]) -> list[str]:
    """Keys of all that contains a territory, nearest scale first and main first; ``known`` remembers the answers."""
    if key in known:
        return known[key]
    row = rows[key]
    direct = [current_key(key, rows)] if row.replaced_by else row.parents
    found = dict.fromkeys(direct)
    for parent in direct:
        if rows[parent].type in CLIMBED or row.replaced_by:
            found |= dict.fromkeys(ancestors(parent, rows, known))
    known[key] = sorted(found, key=lambda ancestor: SCALES.index(rows[ancestor].type))
    return known[key]


def commune_counts(rows: dict[str, TerritoryRow]) -> Counter:
    """How many communes each EPCI and EPT gathers."""
    return Counter(parent for row in rows.values() if row.type == "commune" for parent in row.parents)


def precision(row: TerritoryRow, rows: dict[str, TerritoryRow], above: list[str], communes: int) -> str:
    """What tells a territory from its homonyms: « Loire-Atlantique (44) », « intercommunalité, 24 communes, … »."""
    if row.type in ("departement", "region"):
        return _administrative(row, rows, above)
    if row.type == "pays":
        return "pays"
    if not row.active and not row.replaced_by:
        return "n'existe plus"
    departements = [f"{rows[key].name} ({rows[key].code})" for key in above if rows[key].type == "departement"]
    *first, last = departements
    place = f"{', '.join(first)} et {last}" if first else last
    return ", ".join(part for part in (_kind(row, rows, above, communes), place) if part)


def _administrative(row: TerritoryRow, rows: dict[str, TerritoryRow], above: list[str]) -> str:
    if row.category == "com":
        return OVERSEAS_STATUS.get(row.code, "collectivité d'outre-mer")
    region = next((rows[key].name for key in above if rows[key].type == "region"), "")
    return f"département, {region}" if region else "région"


def _kind(row: TerritoryRow, rows: dict[str, TerritoryRow], above: list[str], communes: int) -> str:
    if not row.active:
        return f"ancienne {TerritoryType(row.type).label}, aujourd'hui {rows[above[0]].name}"
    if row.type in PARTS:
        return f"{PARTS[row.type]} {rows[above[0]].name}"
    if row.type == "arrondissement":
        return "arrondissement municipal"
    count = f"{communes} commune{'s' if communes > 1 else ''}"
    return "" if row.type == "commune" else f"{TerritoryType(row.type).label}, {count}"
