"""Which commune, or which territory, a row speaks of: by code, by postal code, by name as people write it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process

from territoires_en_commun.territories.models import Territory, TerritoryType
from territoires_en_commun.territories.search.normalise import compact, tokenise

NEAR = 82  # likeness, out of 100, of a misspelt commune inside its postal code
COMMUNES = (
    TerritoryType.COMMUNE,
    TerritoryType.COMMUNE_DELEGUEE,
    TerritoryType.COMMUNE_ASSOCIEE,
    TerritoryType.ARRONDISSEMENT,
)
AREAS = (TerritoryType.REGION, TerritoryType.DEPARTEMENT, TerritoryType.EPCI, TerritoryType.EPT)
FRANCE = {"france", "franceentiere", "national", "nationale", "toutelafrance", "touteslacommunes", "fr"}


def folded(name: str) -> str:
    """A name without case, accents, hyphens nor shortenings; « CEDEX 2 » is no part of it."""
    tokens = tokenise(name)
    if "cedex" in tokens:
        tokens = tokens[: tokens.index("cedex")]
    return compact(tokens)


def near_code(code: str, postal_code: str) -> bool:
    """Whether an official code and a postal code are of one département (those of Corse begin by 20)."""
    department = "20" if code.startswith(("2A", "2B")) else code[:2]
    return postal_code.startswith(department)


class Row(NamedTuple):
    """A commune, one that was, or a part of one, as the index keeps it; ``current`` is the key of today's."""

    pk: int
    code: str
    name: str
    is_today: bool
    current: int


@dataclass(frozen=True)
class Found:
    """A commune found: its key, and whether it had to be guessed or replaced."""

    pk: int
    guessed: bool = False
    former_name: str = ""


class Places:
    """The communes of France in memory (some 43,000 rows, a third of a second), and the larger territories."""

    def __init__(self):
        self.by_code: dict[str, Row] = {}
        self.by_postal_code: dict[str, list[Row]] = defaultdict(list)
        self.by_name: dict[str, list[Row]] = defaultdict(list)
        self._territories: dict[int, Territory] = {}
        self._areas: dict[str, list[int]] | None = None
        self._read()

    def _read(self) -> None:
        fields = ("pk", "type", "code", "name", "is_active", "replaced_by", "commune", "postal_codes")
        rows = list(Territory.objects.filter(type__in=COMMUNES).order_by("pk").values_list(*fields))
        above = {pk: replaced_by or commune for pk, _t, _c, _n, _a, replaced_by, commune, _p in rows}
        postal_codes = {row[0]: row[7] for row in rows}
        for pk, type_, code, name, is_active, _replaced_by, _commune, own_codes in rows:
            current = pk
            while above.get(current):
                current = above[current]
            row = Row(pk, code, name, type_ == TerritoryType.COMMUNE and is_active, current)
            if row.is_today or code not in self.by_code:
                self.by_code[code] = row
            self.by_name[folded(name)].append(row)
            for postal_code in own_codes or postal_codes.get(current, ()):
                self.by_postal_code[postal_code].append(row)

    def territory(self, pk: int) -> Territory:
        """A territory in whole, read once; its containers are read once too."""
        if pk not in self._territories:
            self._territories[pk] = Territory.objects.get(pk=pk)
        return self._territories[pk]

    def of_code(self, code: str) -> Found | None:
        """The commune of an official code, today's when it was merged, of an arrondissement or of a part."""
        row = self.by_code.get(code)
        if row is None:
            return None
        return Found(row.current, former_name="" if row.current == row.pk else row.name)

    def of_names(self, postal_code: str, name: str) -> list[Found]:
        """The communes that a postal code and a name, or one of them, may mean; one when it is clear."""
        wanted = folded(name)
        around = self.by_postal_code.get(postal_code, [])
        same = [row for row in around if wanted and folded(row.name) == wanted]
        if not same and around and wanted:
            names = {row.pk: folded(row.name) for row in around}
            near = process.extract(wanted, names, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3)
            keys = {key for _name, score, key in near if score == near[0][1]}
            same = [row for row in around if row.pk in keys]
        if not same and not wanted:
            same = around
        if not same and wanted:
            same = [row for row in self.by_name.get(wanted, []) if not around or near_code(row.code, postal_code)]
        return [Found(pk, guessed=True) for pk in dict.fromkeys(row.current for row in same)]

    def named_alike(self, pk: int, name: str) -> bool:
        """Whether a name is one that the commune, what it replaced or a part of it bears or bore."""
        wanted = folded(name)
        if any(row.current == pk for row in self.by_name.get(wanted, [])):
            return True
        mine = folded(self.territory(pk).name)
        return wanted in mine or mine in wanted or fuzz.ratio(wanted, mine) >= NEAR

    def of_exact_names(self, postal_code: str, name: str) -> int | None:
        """Today's commune of a postal code and of a name written in full; None when no one or several."""
        wanted = folded(name)
        keys = {row.current for row in self.by_postal_code.get(postal_code, []) if folded(row.name) == wanted}
        return keys.pop() if len(keys) == 1 else None

    def find(self, text: str) -> list[int]:
        """The territories that a code, a key such as ``epci:200034825`` or a whole name designates."""
        key = text.strip()
        if ":" in key:
            type_, _, code = key.partition(":")
            rows = Territory.objects.filter(type=type_.strip().lower(), code=code.strip())
            return [row.current.pk for row in rows.select_related("replaced_by", "commune")]
        code = key.replace(" ", "").upper()
        if (found := self.of_code(code)) and len(code) == 5:
            return [found.pk]
        wanted = folded(key)
        if wanted in FRANCE:
            return list(Territory.objects.filter(type=TerritoryType.PAYS).values_list("pk", flat=True))
        return self.areas.get(code) or self.areas.get(wanted) or self._communes_named(wanted)

    def _communes_named(self, wanted: str) -> list[int]:
        return list(dict.fromkeys(row.current for row in self.by_name.get(wanted, [])))

    @property
    def areas(self) -> dict[str, list[int]]:
        """Régions, départements and EPCI by folded name; départements and EPCI by code (« 01 » is also a région)."""
        if self._areas is None:
            found: dict[str, list[int]] = defaultdict(list)
            rows = Territory.objects.active().filter(type__in=AREAS).values_list("pk", "type", "code", "name")
            for pk, type_, code, name in rows:
                found[folded(name)].append(pk)
                if type_ in (TerritoryType.DEPARTEMENT, TerritoryType.EPCI):
                    found[code].append(pk)
            self._areas = dict(found)
        return self._areas

    def names(self, keys: Iterable[int]) -> str:
        """« Saint-Denis (93066), Saint-Denis (97411) », four at most."""
        rows = [self.territory(key) for key in list(keys)[:4]]
        return ", ".join(f"{row.name} ({row.code})" for row in rows)
