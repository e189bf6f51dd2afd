"""What editors read of the searches: the most frequent, those without result or click, clicks by rank, weeks."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from .models import SearchClick, SearchLogEntry
from .models.log import KEEP

SHOWN = 50  # rows of a table on the page
EXPORTED = 5_000
DAY = "%d/%m/%Y"
WEEK = dt.timedelta(days=7)


class Period(models.TextChoices):
    """How far the report looks back."""

    MONTH = "30", "30 jours"
    QUARTER = "90", "90 jours"
    ALL = "13-mois", "13 mois"

    @property
    def since(self) -> dt.datetime:
        """Its first moment."""
        lengths = {Period.MONTH: dt.timedelta(days=30), Period.QUARTER: dt.timedelta(days=90), Period.ALL: KEEP}
        return timezone.now() - lengths[self]


@dataclass(frozen=True)
class ReportTable:
    """A table of the report: its key, which names its file, its caption, its headings, its rows."""

    key: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def grouped(entries: QuerySet[SearchLogEntry]) -> QuerySet:
    """The queries, spellings together: how many times, how many with a click, results at most, last day."""
    return (
        entries.order_by()
        .values("normalised")
        .annotate(
            text=Max("text"),
            times=Count("pk", distinct=True),
            clicked=Count("clicks__entry", distinct=True),
            most=Max("results"),
            last=Max("moment"),
        )
        .order_by("-times", "normalised")
    )


def since(period: Period) -> QuerySet[SearchLogEntry]:
    """The searches of a period."""
    return SearchLogEntry.objects.filter(moment__gte=period.since)


def share(part: int, whole: int) -> str:
    """« 33 % »; empty of nothing."""
    return f"{round(100 * part / whole)}\u00a0%" if whole else ""


def frequent(period: Period, limit: int) -> ReportTable:
    """The queries typed most."""
    rows = [
        (row["text"], row["times"], row["most"], share(row["clicked"], row["times"]))
        for row in grouped(since(period))[:limit]
    ]
    return ReportTable(
        "requetes", "Requêtes les plus fréquentes", ("Requête", "Fois", "Résultats", "Suivies d’un clic"), rows
    )


def without_result(period: Period, limit: int) -> ReportTable:
    """The queries that found nothing."""
    found = grouped(since(period).filter(results=0))[:limit]
    rows = [(row["text"], row["times"], f"{timezone.localtime(row['last']):{DAY}}") for row in found]
    return ReportTable("sans-resultat", "Requêtes sans résultat", ("Requête", "Fois", "Dernière fois"), rows)


def without_click(period: Period, limit: int) -> ReportTable:
    """The queries that found something, of which nobody opened a result."""
    found = grouped(since(period)).filter(most__gt=0, clicked=0)[:limit]
    rows = [(row["text"], row["times"], row["most"]) for row in found]
    caption = "Requêtes dont personne n’a ouvert un résultat"
    return ReportTable("sans-clic", caption, ("Requête", "Fois", "Résultats"), rows)


def by_rank(period: Period, limit: int) -> ReportTable:
    """Where the results that were opened stood in the list."""
    clicks = SearchClick.objects.filter(entry__moment__gte=period.since).order_by()
    counts = list(clicks.values_list("rank").annotate(count=Count("pk")).order_by("rank"))
    total = sum(count for _rank, count in counts)
    rows = [(rank, count, share(count, total)) for rank, count in counts[:limit]]
    return ReportTable("rangs", "Clics par rang du résultat", ("Rang", "Clics", "Part des clics"), rows)


def by_week(period: Period, limit: int) -> ReportTable:
    """The searches of each week, the latest first; a week without any is told too."""
    weeks = since(period).order_by().annotate(week=TruncWeek("moment")).values("week")
    counted = weeks.annotate(
        times=Count("pk", distinct=True),
        empty=Count("pk", filter=Q(results=0), distinct=True),
        clicked=Count("clicks__entry", distinct=True),
    )
    found = {timezone.localdate(row["week"]): row for row in counted}
    rows = [_week_row(monday, found.get(monday)) for monday in _mondays(found)]
    headings = ("Semaine du", "Recherches", "Sans résultat", "Suivies d’un clic")
    return ReportTable("semaines", "Recherches par semaine", headings, rows[:limit])


def _mondays(found: Iterable[dt.date]) -> list[dt.date]:
    """From the first week to the last, the last first."""
    first, last = min(found, default=None), max(found, default=None)
    return [last - WEEK * rank for rank in range((last - first) // WEEK + 1)] if first else []


def _week_row(monday: dt.date, row: dict[str, Any] | None) -> tuple:
    times, empty, clicked = (row["times"], row["empty"], row["clicked"]) if row else (0, 0, 0)
    return f"{monday:{DAY}}", times, share(empty, times), share(clicked, times)


TABLES: dict[str, Callable[[Period, int], ReportTable]] = {
    "requetes": frequent,
    "sans-resultat": without_result,
    "sans-clic": without_click,
    "rangs": by_rank,
    "semaines": by_week,
}
