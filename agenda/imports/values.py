"""Texts of a spreadsheet as the values that only calls have: deadlines, amounts, rates, choices."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from agenda.amounts import MAX_RATE, percent
from agenda.kinds import CallNature, EligibleCost, ProjectStage, Recurrence
from annuaire.imports.values import TYPES
from annuaire.kinds import ActorType
from territoires_en_commun.base.amounts import read_euros
from territoires_en_commun.base.page_imports.values import Choices, Notes

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
