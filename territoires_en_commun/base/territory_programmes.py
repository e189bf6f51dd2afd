"""The programmes of a territory as its page shows them: each once, with every way in which it is covered."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format

from territoires_en_commun.shared_reads import read_once
from territoires_en_commun.territories.models import Territory

from .formats import from_to, long_date
from .models import Programme, ProgrammeTerritory


@dataclass(frozen=True)
class Coverage:
    """One way in which a programme accompanies the territory: its local name, when, and through which territory."""

    row: ProgrammeTerritory
    via: Territory | None
    today: date

    @property
    def period(self) -> str:
        """« depuis le 1er octobre 2020 », « du … au … », empty when the source gives no date."""
        start, end = self.row.start, self.row.end
        if start and end:
            return from_to(start, end)
        if start:
            return f"depuis le {long_date(start)}"
        return f"jusqu’au {long_date(end)}" if end else ""

    @property
    def is_over(self) -> bool:
        """The programme no longer covers the territory."""
        return self.row.has_ended(self.today)


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme, and every way in which it accompanies the territory; ended ones last."""

    programme: Programme
    coverages: list[Coverage]

    @property
    def is_over(self) -> bool:
        """None of the coverages runs any more."""
        return all(coverage.is_over for coverage in self.coverages)

    @property
    def is_lent(self) -> bool:
        """The territory has the programme through its intercommunalité only."""
        return all(coverage.via is not None for coverage in self.coverages)

    @property
    def details(self) -> list[Coverage]:
        """The coverages that say more than « yes »: a local name, a period, an intercommunalité."""
        return [each for each in self.coverages if each.via or each.period or each.row.label]

    @property
    def sources(self) -> list[str]:
        """« ANCT, septembre 2024 »."""
        return list(dict.fromkeys(f"{c.row.source}, {date_format(c.row.source_date, 'F Y')}" for c in self.coverages))


def coverage_rows(territories: Set[int]) -> list[ProgrammeTerritory]:
    """What says that programmes accompany these territories (keys), those that ended too; one query per page."""
    rows = (
        ProgrammeTerritory.objects.filter(territory__in=territories)
        .select_related("programme")
        .order_by("programme__name", "label", "pk")
    )
    return read_once(("coverage rows", frozenset(territories)), lambda: list(rows))


def programme_lines(territory: Territory, lenders: Mapping[int, Territory], today: date) -> list[ProgrammeLine]:
    """The programmes of the territory, then those that it only has through ``lenders``; ended ones last; one query."""
    rows = coverage_rows({territory.pk, *lenders})
    coverages = [Coverage(row, lenders.get(row.territory_id), today) for row in rows]
    coverages.sort(key=lambda coverage: (coverage.row.programme.name, coverage.is_over))
    lines = [
        ProgrammeLine(programme, list(group))
        for programme, group in groupby(coverages, key=lambda coverage: coverage.row.programme)
    ]
    return sorted(lines, key=lambda line: (line.is_over, line.is_lent))
