"""A small France for tests: about eighty real communes and all that contains or preceded them.

The file beside is a subset of the real one, loaded by the real importer. To rebuild it:
``manage.py shell -c "from tests.territories.small_france import rebuild; rebuild()"``.
"""

from pathlib import Path

from territoires_en_commun.territories.datafile import DEFAULT_PATH, TerritoryRow, read_territories, write_territories
from territoires_en_commun.territories.importing import import_territories
from territoires_en_commun.territories.models import Territory
from tests.filled_site import fill_once

PATH = Path(__file__).parent / "data" / "small_france.csv.xz"
COMMUNES = (
    # Loire-Atlantique and Ille-et-Vilaine, with an EPCI (Redon) that straddles three départements and two régions
    "44109 44162 44143 44190 44036 44184 44185 35238 35236 35288 56194 "
    # Paris, Lyon and Marseille have arrondissements; Greater Paris has EPT; Villeurbanne is in the Métropole de Lyon
    "75056 69123 69266 13055 94038 93066 92012 "
    # articles and letters: Le Havre, Le Mans, La Rochelle, Les Sables-d'Olonne, Aux Marais, Los Masos, Wœrth, Y
    "76351 72181 17300 85194 60703 66104 67550 80829 "
    # homonyms: Saint-Denis (93, 974), Sainte-Marie, Saint-Pierre
    "97411 97418 97416 97228 97225 35294 "
    # communes nouvelles, communes déléguées, associées (Lille) and former communes
    "01033 74010 59350 50129 60694 60054 55245 55386 01036 "
    # overseas: Guadeloupe, Martinique, Guyane, Mayotte and the collectivités
    "97105 97120 97209 97302 97353 97611 97502 97701 97801 98735 98818 98613 98415 98901 "
    # Corse, an island without EPCI, uninhabited Beaumont, Bordeaux, Creuse, Nord, Alsace and others
    "2A004 2B033 85113 55039 33063 33108 23096 23190 59183 67482 68224 42218 31555 34172 06088 38185 58046 21231"
)


def load_small_france() -> dict:
    """Load it as the real importer does; return the territories by key (``["commune:44109"]``)."""
    fill_once(import_small_france)
    return {territory.key: territory for territory in Territory.objects.all()}


def import_small_france() -> None:
    import_territories(read_territories(PATH), progress=lambda batches, label: batches)


def subset(rows: dict[str, TerritoryRow], communes: list[str]) -> list[TerritoryRow]:
    """The rows of communes, of their parts and former communes, and of all that contains them."""
    wanted = {f"commune:{code}" for code in communes}
    wanted |= {key for key, row in rows.items() if row.replaced_by in wanted or wanted.intersection(row.parents)}
    pending = list(wanted)
    while pending:
        above = [key for key in rows[pending.pop()].parents if key not in wanted]
        wanted.update(above)
        pending += above
    return [row for key, row in rows.items() if key in wanted]


def rebuild() -> None:
    """Write the file anew from the real one."""
    whole = read_territories(DEFAULT_PATH)
    write_territories(
        PATH, whole.vintage, ["sous-ensemble de territoires.csv.xz"], subset(whole.rows, COMMUNES.split())
    )
