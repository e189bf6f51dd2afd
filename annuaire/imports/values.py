"""Texts of a spreadsheet as the values that only actors have: numbers of the State, contacts, points, hours."""

import datetime as dt
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from phonenumber_field.phonenumber import to_python as to_phone

from annuaire import identifiers
from annuaire.hours import DAY_KEYS, MAX_LENGTH, normalise
from annuaire.kinds import ActorType
from annuaire.phones import dialled
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.page_imports.values import Choices, Notes, read_choice, read_moment

SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
MAX_ADDRESS = 254  # characters of an e-mail address that a field holds
SEVERAL_PHONES = re.compile(r"[/;|,]|\bou\b")
TYPE_WORDS = {
    "mairie": ActorType.COMMUNE,
    "ville": ActorType.COMMUNE,
    "epci": ActorType.EPCI,
    "communautedecommunes": ActorType.EPCI,
    "communauteagglo": ActorType.EPCI,
    "communautedagglo": ActorType.EPCI,
    "communauteurbaine": ActorType.EPCI,
    "metropole": ActorType.EPCI,
    "conseildepartemental": ActorType.DEPARTEMENT,
    "conseilregional": ActorType.REGION,
    "etat": ActorType.STATE,
    "prefecture": ActorType.STATE,
    "servicedeconcentre": ActorType.STATE,
    "operateur": ActorType.OPERATOR,
    "etablissementpublic": ActorType.OPERATOR,
    "syndicat": ActorType.SYNDICATE,
    "syndicatmixte": ActorType.SYNDICATE,
    "petr": ActorType.SYNDICATE,
    "associationloi1901": ActorType.ASSOCIATION,
    "ess": ActorType.SOCIAL_ECONOMY,
    "scic": ActorType.SOCIAL_ECONOMY,
    "scop": ActorType.SOCIAL_ECONOMY,
    "societe": ActorType.COMPANY,
    "universite": ActorType.RESEARCH,
    "recherche": ActorType.RESEARCH,
    "reseau": ActorType.NETWORK,
    "federation": ActorType.NETWORK,
    "collectif": ActorType.COLLECTIVE,
}
TYPES = Choices(dict(ActorType.choices), TYPE_WORDS, "Type inconnu")


def read_identifier(notes: Notes, column: str, text: str) -> str:
    """A SIREN, a SIRET or a RNA; a lost leading zero is proposed when the check digit then holds."""
    number = identifiers.compact(text)
    if not number:
        return ""
    if SCIENTIFIC.fullmatch(number):
        notes.refuse(column, "Le tableur a arrondi ce nombre : donnez à la colonne le format texte, puis exportez.")
        return ""
    validate = getattr(identifiers, f"validate_{column}")
    digits = {"siren": identifiers.SIREN_DIGITS, "siret": identifiers.SIRET_DIGITS}.get(column, 0)
    if number.isdecimal() and 0 < digits - len(number) <= 3:
        padded = number.zfill(digits)
        try:
            validate(padded)
        except ValidationError:
            pass
        else:
            notes.repair(column, text, padded, "Le tableur a retiré le zéro du début.")
            return padded
    try:
        validate(number)
    except ValidationError as error:
        notes.refuse(column, f"« {text} » : {' '.join(error.messages)}")
        return ""
    return number


def read_phone(notes: Notes, column: str, text: str) -> str:
    """A telephone number in international form; a lost zero is proposed, and the first of several."""
    if not text.strip(" -"):
        return ""
    parts = [part.strip() for part in SEVERAL_PHONES.split(text) if sum(c.isdigit() for c in part) >= 9]
    candidate, reason = text.strip(), ""
    if len(parts) > 1:
        candidate, reason = parts[0], "Une fiche a un seul numéro."
    digits = re.sub(r"[\s.\-]", "", candidate)
    if len(digits) == 9 and digits.isdecimal() and not digits.startswith("0"):
        candidate, reason = f"0{digits}", "Le tableur a retiré le zéro du début."
    number = to_phone(dialled(candidate), region="FR")
    if number and number.is_valid():
        if reason:
            notes.repair(column, text, number.as_national, reason)
        return number.as_e164
    notes.refuse(column, f"« {text} » n’est pas un numéro de téléphone.")
    return ""


def read_email(notes: Notes, column: str, text: str) -> str:
    """An e-mail address; what is around it (« mailto: », spaces) is proposed to go."""
    if not text:
        return ""
    address = re.sub(r"^mailto:", "", text.strip(), flags=re.IGNORECASE).replace(" ", "").strip("<>;,.")
    try:
        EmailValidator()(address)
    except ValidationError:
        notes.refuse(column, f"« {text} » n’est pas une adresse e-mail.")
        return ""
    if len(address) > MAX_ADDRESS:
        notes.refuse(column, f"Cette adresse a plus de {MAX_ADDRESS} caractères.")
        return ""
    if address != text:
        notes.repair(column, text, address, "Une seule adresse, sans espace ni ponctuation autour.")
    return address


def read_degrees(notes: Notes, column: str, text: str, limit: int) -> float | None:
    """Degrees, with a point or a comma."""
    if not text:
        return None
    try:
        value = float(text.replace(",", ".").replace("\u2212", "-").replace(" ", ""))
    except ValueError:
        value = float("nan")
    if not -limit <= value <= limit:
        notes.refuse(column, f"« {text} » n’est pas une {column} en degrés.")
        return None
    return value


def read_point(notes: Notes, row: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude; swapped ones are proposed the right way round."""
    latitude = read_degrees(notes, "latitude", row.get("latitude", ""), 90)
    longitude = read_degrees(notes, "longitude", row.get("longitude", ""), 180)
    if latitude is None or longitude is None:
        given = [name for name in ("latitude", "longitude") if row.get(name)]
        if len(given) == 1 and not any(problem.column == given[0] for problem in notes.problems):
            notes.warn(given[0], "Il manque l’autre coordonnée : le point n’est pas repris.")
        return None
    if (latitude, longitude) == (0, 0):
        notes.warn("latitude", "Le point 0, 0 est en pleine mer : il n’est pas repris.")
        return None
    if -6 <= latitude <= 10 and 41 <= longitude <= 52:
        before = f"{row['latitude']}, {row['longitude']}"
        notes.repair("latitude", before, f"{longitude}, {latitude}", "La latitude et la longitude sont inversées.")
        return longitude, latitude
    return latitude, longitude


def read_hours(notes: Notes, row: Mapping[str, str]) -> dict[str, str]:
    """The hours of the week, day by day."""
    week = {}
    for key in DAY_KEYS:
        text = normalise(row.get(f"hours_{key}", ""))
        if len(text) > MAX_LENGTH:
            notes.refuse(f"hours_{key}", f"Les horaires d’un jour tiennent en {MAX_LENGTH} caractères.")
        elif text:
            week[key] = text
    return week


def read_date(notes: Notes, column: str, text: str, today: dt.date) -> dt.date | None:
    """A day that has passed."""
    moment = read_moment(notes, column, text)
    if moment and moment.date() > today:
        notes.refuse(column, f"Le {long_date(moment)} n’est pas encore passé.")
        return None
    return moment.date() if moment else None


def read_type(notes: Notes, text: str) -> str:
    """A type of actor, by its name or by a word that the public uses."""
    return read_choice(notes, "type", text, TYPES)
