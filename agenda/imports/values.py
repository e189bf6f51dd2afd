"""Texts of a spreadsheet as the values that only calls have: deadlines, amounts, rates, choices."""

import datetime as dt
import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models

from agenda.calls.amounts import MAX_RATE, percent
from agenda.calls.kinds import CallNature, EligibleCost, ProjectStage, Recurrence
from annuaire.imports.values import TYPES
from annuaire.kinds import ActorType
from territoires_en_commun.base.amounts import read_euros
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.page_imports.values import Choices, Notes, has_hour, read_moment

RATE = re.compile(r"(\d+)(?:[.,](\d+))?\s?%?")


def _choices(choices: type[models.TextChoices], unknown: str, **words: str) -> Choices:
    return Choices(dict(choices.choices), words, unknown)


NATURES = _choices(
    CallNature,
    "Nature inconnue",
    appelaprojet=CallNature.PROJECTS,
    manifestationdinteret=CallNature.INTEREST,
    appelacandidature=CallNature.CANDIDATES,
    permanente=CallNature.PERMANENT,
    aufildeleau=CallNature.PERMANENT,
    guichet=CallNature.PERMANENT,
)
RECURRENCES = _choices(
    Recurrence,
    "Fréquence inconnue",
    ponctuelle=Recurrence.ONCE,
    annuelle=Recurrence.YEARLY,
    touslesans=Recurrence.YEARLY,
)
COSTS = _choices(
    EligibleCost,
    "Dépense inconnue",
    travaux=EligibleCost.INVESTMENT,
    equipements=EligibleCost.INVESTMENT,
    depensesdinvestissement=EligibleCost.INVESTMENT,
    etudes=EligibleCost.STUDIES,
    depensesdefonctionnement=EligibleCost.RUNNING,
    salaires=EligibleCost.STAFF,
    communication=EligibleCost.OUTREACH,
)
STAGES = _choices(
    ProjectStage,
    "Avancement inconnu",
    reflexionconception=ProjectStage.IDEA,
    etudes=ProjectStage.DESIGN,
    miseenoeuvre=ProjectStage.WORK,
    miseenoeuvrerealisation=ProjectStage.WORK,
    travaux=ProjectStage.WORK,
    usagevalorisation=ProjectStage.USE,
)
# Who may apply is said in the plural.
BENEFICIARIES = TYPES.known | {
    "communes": ActorType.COMMUNE,
    "intercommunalites": ActorType.EPCI,
    "intercommunalitespays": ActorType.EPCI,
    "departements": ActorType.DEPARTEMENT,
    "regions": ActorType.REGION,
    "associations": ActorType.ASSOCIATION,
    "entreprises": ActorType.COMPANY,
    "entrepriseprivee": ActorType.COMPANY,
    "entreprisesprivees": ActorType.COMPANY,
    "universites": ActorType.RESEARCH,
    "syndicats": ActorType.SYNDICATE,
    "operateurspublics": ActorType.OPERATOR,
}


def read_last_day(notes: Notes, column: str, text: str, advice: str) -> dt.date | None:
    """The last whole day of a deadline; the day before is proposed for one that ends at an hour of its day."""
    moment = read_moment(notes, column, text)
    if moment is None:
        return None
    if not has_hour(moment):
        return moment.date()
    eve = moment.date() - dt.timedelta(days=1)
    reason = f"L’échéance est à {moment:%H:%M} : la veille est le dernier jour entier. L’heure n’est pas reprise"
    notes.repair(column, text, long_date(eve), f"{reason} : {advice}.")
    return eve


def read_amount(notes: Notes, column: str, text: str) -> int | None:
    """Whole euros."""
    try:
        return read_euros(text)
    except ValidationError as error:
        notes.refuse(column, error.message)
        return None


def read_rate(notes: Notes, column: str, text: str) -> int | None:
    """A whole percentage; « 0,8 » is proposed as 80 %, a decimal is proposed rounded."""
    words = " ".join(text.split())
    if not words:
        return None
    match = RATE.fullmatch(words)
    if match is None:
        notes.refuse(column, f"« {text} » n’est pas un taux, comme 80 %.")
        return None
    number = float(f"{match[1]}.{match[2] or 0}")
    if 0 < number < 1 and "%" not in words:
        rate, reason = round(number * 100), "Un taux s’écrit en pourcentage."
    else:
        rate, reason = round(number), "Un taux est un nombre entier."
    if rate > MAX_RATE:
        notes.refuse(column, f"« {text} » : un taux est un pourcentage, de 0 à 100.")
        return None
    if rate != number:
        notes.repair(column, text, percent(rate), reason)
    return rate


def read_ceiling(notes: Notes, column: str, text: str, read: Callable[[Notes, str, str], int | None]) -> int | None:
    """The most that is given, as ``read`` reads it; zero, which catalogues write for « not known », is told."""
    most = read(notes, column, text)
    if most == 0:
        notes.warn(column, f"« {text} » : un maximum nul ne dit rien, cette cellule est lue comme vide.")
    return most or None
