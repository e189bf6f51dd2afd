"""Texts of a spreadsheet as values. Each reader may propose a repair, or refuse with the cause."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import escape
from django.utils.text import capfirst
from rapidfuzz import fuzz, process

from territoires_en_commun.base.typography import typeset
from territoires_en_commun.imports.kinds import Problem, Repair
from territoires_en_commun.territories.search.normalise import compact, tokenise

Value = TypeVar("Value")

DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y")
# A day, then « T12:00 », « 12:00:00 », « à 12 h », « 12h30 ».
WITH_HOUR = re.compile(r"(.+?)(?:T|\s+(?:à\s+)?)(\d{1,2})(?::(\d{2})(?::(\d{2}))?|\s?h(?:\s?(\d{2}))?)")
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
LAST_MINUTE = dt.time(23, 59)
# Hours that say nothing more than the day; spreadsheets write 00:00 after a day that has none.
WHOLE_DAYS = (dt.time(0, 0), LAST_MINUTE, dt.time(23, 59, 59))
WEEKDAY = r"(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*"
WRITTEN_DAY = re.compile(rf"(?:le )?(?:{WEEKDAY} )?(\d{{1,2}})(?:er)? ([a-z]+) (\d{{4}})")
WRITTEN_MONTH = re.compile(r"([a-z]+) (\d{4})")
SHORTEST_MONTH = 3  # letters: « fév. »
SEPARATORS = re.compile(r"[|;\n]")
MOST_WORDS = 12  # in one value of a governed list
# « =1+1 », « =A1 », « =SOMME(… », « ="texte" », « =cmd|… »; not « => voir ».
FORMULA = re.compile(r"=\s*(?:[-+(\"'$\d]|\w+[(!|$]|[A-Za-z]{1,3}\d)")
NEAR = 86  # likeness, out of 100, of a misspelt choice


def fold(text: str) -> str:
    """A label without case, accents, punctuation nor shortenings."""
    return compact(tokenise(text))


class Notes:
    """What reading a row leaves beside its values."""

    def __init__(self):
        self.problems: list[Problem] = []
        self.repairs: list[Repair] = []
        self.warnings: list[Problem] = []

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(Problem(column, message))

    def warn(self, column: str, message: str) -> None:
        self.warnings.append(Problem(column, message))

    def repair(self, column: str, before: str, after: str, reason: str) -> None:
        self.repairs.append(Repair(column, before, after, reason))


def without_formulas(notes: Notes, row: Mapping[str, str]) -> dict[str, str]:
    """The row without the cells where a spreadsheet left a formula instead of what it is worth; each is refused."""
    formulas = {column: text for column, text in row.items() if FORMULA.match(text)}
    for column, text in formulas.items():
        notes.refuse(column, f"« {text} » est une formule : exportez les valeurs du tableur, pas ses formules.")
    return {column: "" if column in formulas else text for column, text in row.items()}


def read_text(notes: Notes, column: str, text: str, limit: int) -> str:
    """A text that fits its field, line breaks aside."""
    words = " ".join(text.split())
    if len(words) > limit:
        notes.refuse(column, f"Ce texte a {len(words)} caractères : la limite est de {limit}.")
        return ""
    return words


def read_url(notes: Notes, column: str, text: str, limit: int = 200) -> str:
    """A web address; « https:// » is proposed when nothing is said."""
    if not text:
        return ""
    address = text.strip().replace(" ", "")
    if "://" not in address:
        address = f"https://{address.removeprefix('//')}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        notes.refuse(column, f"« {text} » n’est pas l’adresse d’un site internet.")
        return ""
    if len(address) > limit:
        notes.refuse(column, f"Cette adresse a plus de {limit} caractères.")
        return ""
    if address != text:
        notes.repair(column, text, address, "Une adresse commence par http:// ou https://, sans espace.")
    return address


def read_moment(notes: Notes, column: str, text: str) -> dt.datetime | None:
    """A day as :func:`moment_of` reads it; anything else is refused."""
    moment = moment_of(text)
    if text and moment is None:
        notes.refuse(column, f"« {text} » n’est pas une date, comme 31/12/2026.")
    return moment


def read_day(notes: Notes, column: str, text: str, advice: str) -> dt.date | None:
    """A day; an hour is told with an ``advice`` (« dites-la dans… »), for nothing keeps it."""
    moment = read_moment(notes, column, text)
    warn_of_hour(notes, column, moment, advice)
    return moment.date() if moment else None


def has_hour(moment: dt.datetime) -> bool:
    """Whether a moment says more than its day."""
    return moment.time() not in WHOLE_DAYS


def warn_of_hour(notes: Notes, column: str, moment: dt.datetime | None, advice: str) -> None:
    """Tell that the hour of a day is lost."""
    if moment and has_hour(moment):
        notes.warn(column, f"L’heure ({moment:%H:%M}) n’est pas reprise : {advice}.")


def moment_of(text: str) -> dt.datetime | None:
    """A day, as :func:`day_of` reads it, at midnight unless an hour is given; 24:00 is the end of the day."""
    if day := day_of(text):
        return dt.datetime.combine(day, dt.time())
    match = WITH_HOUR.fullmatch(text.strip())
    day = day_of(match[1]) if match else None
    if day is None:
        return None
    hour, minute, second = (int(part or 0) for part in (match[2], match[3] or match[5], match[4]))
    if (hour, minute, second) == (24, 0, 0):
        return dt.datetime.combine(day, LAST_MINUTE)
    try:
        return dt.datetime.combine(day, dt.time(hour, minute, second))
    except ValueError:
        return None


def day_of(text: str) -> dt.date | None:
    """A day as French spreadsheets write it, or in words (« 3 mars 2027 »)."""
    for form in DATES:
        try:
            return dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - what is written has no time zone
        except ValueError:
            continue
    return day_in_words(text)


def day_in_words(text: str) -> dt.date | None:
    """« mercredi 3 mars 2027 », « 1er août 2027 », « 3 janv. 2027 »; None when it is anything else or no day."""
    match = WRITTEN_DAY.fullmatch(" ".join(tokenise(text)))
    return _date(match[3], match[2], match[1]) if match else None


def month_in_words(text: str) -> dt.date | None:
    """The first day of « mars 2027 » or « janv. 2027 »; None when it is anything else or no month."""
    match = WRITTEN_MONTH.fullmatch(" ".join(tokenise(text)))
    return _date(match[2], match[1], "1") if match else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    """A date whose month is a folded name, whole or cut short (« janv »): « jui » is no month, for two begin so."""
    ranks = [rank for rank, name in enumerate(MONTHS, 1) if name.startswith(month)]
    if len(month) < SHORTEST_MONTH or len(ranks) != 1:
        return None
    try:
        return dt.date(int(year), ranks[0], int(day))
    except ValueError:
        return None


@dataclass(frozen=True)
class Choices:
    """A few choices, and other words (folded) that mean them; ``unknown`` opens the refusal: « Type inconnu »."""

    labels: Mapping[str, str]
    words: Mapping[str, str]
    unknown: str

    @cached_property
    def known(self) -> dict[str, str]:
        """Each choice by every folded word that means it."""
        own = {fold(word): value for value, label in self.labels.items() for word in (value, label)}
        return {**self.words, **own}


def read_choice(notes: Notes, column: str, text: str, choices: Choices) -> str:
    """One of a few choices; the nearest is proposed, else all are told."""
    if not text:
        return ""
    if known := choices.known.get(fold(text)):
        return str(known)
    labels = {value: fold(label) for value, label in choices.labels.items()}
    near = process.extractOne(fold(text), labels, scorer=fuzz.WRatio)
    if near and near[1] >= NEAR:
        notes.repair(column, text, capfirst(choices.labels[near[2]]), "Le choix le plus proche.")
        return near[2]
    all_labels = ", ".join(choices.labels.values())
    notes.refuse(column, f"{choices.unknown} : « {text} ». Choix possibles : {all_labels}.")
    return ""


def read_known(notes: Notes, column: str, text: str, known: Mapping[str, Value]) -> list[Value]:
    """The values, each once, that the words of a cell mean (``known`` is by folded word); others are only told."""
    parts = [text] if fold(text) in known else split_values(text)
    if len(parts) == 1 and fold(parts[0]) not in known:
        parts = [part.strip() for part in parts[0].split(",")]
        if len(parts) == 1 and (apart := set_apart(text, known)):
            notes.repair(column, text, " | ".join(apart), "Plusieurs valeurs se séparent par une barre verticale.")
            parts = apart
    found: list[Value] = []
    for part in filter(None, parts):
        value = known.get(fold(part))
        if value is None:
            notes.warn(column, f"« {part} » n’est pas dans les référentiels : cette valeur n’est pas reprise.")
        elif value not in found:
            found.append(value)
    return found


def set_apart(text: str, known: Mapping[str, Value]) -> list[str]:
    """Values written one after the other with spaces only, the longest first; none when a word is no value."""
    words, found = text.split(), []
    while words:
        for length in range(min(len(words), MOST_WORDS), 0, -1):
            if fold(" ".join(words[:length])) in known:
                found.append(" ".join(words[:length]))
                words = words[length:]
                break
        else:
            return []
    return found


def split_values(text: str) -> list[str]:
    """Several values of one cell."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def paragraphs(text: str) -> str:
    """A plain text as paragraphs of rich text."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "".join(f"<p>{escape(typeset(line))}</p>" for line in lines if line)
