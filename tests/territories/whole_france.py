"""The index of the whole of France, built from the committed data file without a database."""

from functools import cache

from territoires_en_commun.territories.datafile import DEFAULT_PATH, TerritoryRow, read_territories
from territoires_en_commun.territories.search.index import Row, TerritoryIndex


@cache
def whole_index() -> TerritoryIndex:
    """Built once for the whole run of tests; nobody changes an index."""
    rows = read_territories(DEFAULT_PATH).rows
    return TerritoryIndex(_row(row, rows) for row in rows.values())


def _row(row: TerritoryRow, rows: dict[str, TerritoryRow]) -> Row:
    current = row
    while current.replaced_by or current.type in ("commune-deleguee", "commune-associee"):
        current = rows[current.replaced_by or current.parents[0]]
    departements = _departements(row, rows)
    return Row(
        key=row.key,
        type=row.type,
        code=row.code,
        name=row.name,
        slug="",
        siren=row.siren,
        postal_codes=row.postal_codes,
        population=row.population or 0,
        category=row.category,
        current=current.key,
        departements=departements,
        epci=next((key for key in row.parents if key.startswith("epci:")), ""),
        precision="",
    )


def _departements(row: TerritoryRow, rows: dict[str, TerritoryRow]) -> tuple[str, ...]:
    if row.type == "departement":
        return (row.code,)
    if row.type == "region":
        return tuple(other.code for other in rows.values() if other.type == "departement" and row.key in other.parents)
    found = [key.partition(":")[2] for key in row.parents if key.startswith("departement:")]
    if found or not row.parents:
        return tuple(found)
    return _departements(rows[row.parents[0]], rows)
