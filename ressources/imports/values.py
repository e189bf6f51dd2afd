"""Texts of a spreadsheet as the values that only experiences have: months, sections, cost, time."""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from ressources.experience_sections import NOT_KNOWN
from ressources.imports.fields import Told
from ressources.models import ExperienceStatus
from ressources.submission_fields import YEARS, AmountField, DayOrMonth, DayOrMonthField
from territoires_en_commun.base.amounts import read_exact_euros
from territoires_en_commun.base.formats import euros, long_date
from territoires_en_commun.base.page_imports.values import (
    Choices,
    Notes,
    fold,
    moment_of,
    paragraphs,
    warn_of_hour,
)

UNKNOWN_WORDS = {fold(NOT_KNOWN), "inconnu", "inconnue", "inconnus", "nonconnu", "nonconnue", "nesaitpas", "nsp"}
EMPTY_WORDS = {"nonrenseigne", "nonrenseignee", "nr", "nc", "nd", "acompleter"}
NOTHING_SPENT = {"gratuit", "aucun", "aucuncout", "aucunedepense"}
MAX_COST = 10**10  # euros: what the field holds
YEAR = re.compile(r"\d{4}")
ABOUT = re.compile(r"^(?:environ|env\.?|près de|autour de|[~≈])\s*(?=\d)|(?<=[\d€])\s*environ$", re.IGNORECASE)
ALL_TAXES = re.compile(r"\s*\(?(?:ttc|toutes taxes comprises)\)?\.?$", re.IGNORECASE)  # what the field holds
NEGATIVE = re.compile(r"[-\u2212]\s?\d")
FIRST_DAY, LAST_DAY = (1, 1), (12, 31)
STATUSES = Choices(
    dict(ExperienceStatus.choices),
    {
        "projet": ExperienceStatus.PLANNED,
        "avenir": ExperienceStatus.PLANNED,
        "prevu": ExperienceStatus.PLANNED,
        "planifie": ExperienceStatus.PLANNED,
        "enpreparation": ExperienceStatus.PLANNED,
        "encoursderealisation": ExperienceStatus.ONGOING,
        "achevee": ExperienceStatus.DONE,
        "termine": ExperienceStatus.DONE,
        "terminee": ExperienceStatus.DONE,
        "realise": ExperienceStatus.DONE,
        "realisee": ExperienceStatus.DONE,
        "fini": ExperienceStatus.DONE,
        "finie": ExperienceStatus.DONE,
        "abandonnee": ExperienceStatus.ABANDONED,
        "arrete": ExperienceStatus.ABANDONED,
    },
    "État du projet inconnu",
)


def when(text: str) -> DayOrMonth | None:
    """A day or a month, whatever way it is written; None when it is anything else or no day."""
    try:
        return DayOrMonthField().to_python(text)
    except ValidationError:
        moment = moment_of(text)
        return DayOrMonth(moment.date(), False) if moment and moment.year in YEARS else None


def read_bound(notes: Notes, column: str, text: str, month_and_day: tuple[int, int]) -> date | None:
    """The first or the last day of the experience; for a year alone, its first or last day is proposed."""
    if not text:
        return None
    if YEAR.fullmatch(text) and int(text) in YEARS:
        bound = date(int(text), *month_and_day)
        notes.repair(column, text, long_date(bound), "Le fichier ne dit que l’année.")
        return bound
    found = when(text)
    if found is None:
        notes.refuse(column, f"« {text} » n’est ni un jour ni un mois, comme 12/03/2024 ou 03/2024.")
        return None
    warn_of_hour(notes, column, moment_of(text), "dites-la dans le texte")
    return found.date if month_and_day == FIRST_DAY else found.end


def is_unknown(text: str) -> bool:
    """Whether a cell says « pas encore connu »."""
    return fold(text) in UNKNOWN_WORDS


def is_empty(notes: Notes, column: str, text: str) -> bool:
    """Whether a cell says nothing; one that holds something all the same (« - », « non renseigné ») is told."""
    if text and (not any(character.isalnum() for character in text) or fold(text) in EMPTY_WORDS):
        notes.warn(column, f"« {text} » ne dit rien : cette cellule est lue comme vide.")
        return True
    return not text


def read_section(notes: Notes, column: str, text: str) -> Told | None:
    """A section: its paragraphs, or its box."""
    if is_empty(notes, column, text):
        return None
    return Told(None if is_unknown(text) else paragraphs(text))


def read_cost(notes: Notes, column: str, text: str) -> Told | None:
    """Euros to the cent, nothing at all, or the box."""
    if is_empty(notes, column, text) or is_unknown(text):
        return Told(None) if is_unknown(text) else None
    if fold(text) in NOTHING_SPENT:
        return Told(Decimal(0))
    if NEGATIVE.match(text):
        notes.refuse(column, f"« {text} » : le coût est positif, ou nul.")
        return None
    cost = read_amount(notes, column, text)
    return None if cost is None else Told(cost)


def read_amount(notes: Notes, column: str, text: str) -> Decimal | None:
    """Euros, all taxes included as « TTC » says; « environ » is proposed to go."""
    said = ALL_TAXES.sub("", text)
    exact = ABOUT.sub("", said).strip() or text
    try:
        cost = read_exact_euros(exact)
    except ValidationError as error:
        notes.refuse(column, error.message)
        return None
    if cost is None or cost >= MAX_COST:
        notes.refuse(column, f"« {text} » dépasse dix milliards d’euros : vérifiez l’unité.")
        return None
    if exact != said.strip():
        notes.repair(column, text, euros(cost), "Le coût est un nombre : dites dans le texte qu’il est approché.")
    return cost


def read_fte(notes: Notes, column: str, text: str) -> Told | None:
    """Full-time equivalents over a year, or the box."""
    if is_empty(notes, column, text) or is_unknown(text):
        return Told(None) if is_unknown(text) else None
    if NEGATIVE.match(text):
        notes.refuse(column, f"« {text} » : le temps passé est positif, ou nul.")
        return None
    value = decimal_of(text, max_digits=6)
    if value is None:
        notes.refuse(column, f"« {text} » n’est pas un temps en équivalents temps plein, comme 0,5 ETP.")
        return None
    return Told(value)


def decimal_of(text: str, max_digits: int) -> Decimal | None:
    """A number as French people write it, with two decimals at most; None when it is anything else."""
    try:
        return AmountField(example="", max_digits=max_digits).clean(text)
    except ValidationError:
        return None
