"""When a session takes place, in words: at the time of the event, and of Paris where it differs."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from agenda.events.kinds import PARIS, zone
from territoires_en_commun.base.formats import long_date

NBSP = "\u00a0"
PLACES = {  # of each zone, what comes after « heure »
    "America/Guadeloupe": "de Guadeloupe",
    "America/Martinique": "de Martinique",
    "America/Cayenne": "de Guyane",
    "Indian/Reunion": "de La Réunion",
    "Indian/Mayotte": "de Mayotte",
    "America/Miquelon": "de Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "de Nouvelle-Calédonie",
    "Pacific/Tahiti": "de Tahiti",
    "Pacific/Marquesas": "des Marquises",
    "Pacific/Gambier": "des Gambier",
    "Pacific/Wallis": "de Wallis-et-Futuna",
    PARIS: "de Paris",
}


def hour(moment: dt.datetime) -> str:
    """« 9 h », « 14 h 30 », with no-break spaces."""
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment:%M}" if moment.minute else "")


def day(moment: dt.datetime) -> str:
    """« mardi 3 mars 2027 »: a line may end after the day of the week, on a telephone."""
    return f"{date_format(moment, 'l')} {long_date(moment.date())}"


def span(starts_at: dt.datetime, ends_at: dt.datetime, where: ZoneInfo) -> str:
    """« mardi 3 mars 2027, de 14 h à 16 h 30 »; « du … à 14 h au … à 12 h » over several days."""
    start, end = starts_at.astimezone(where), ends_at.astimezone(where)
    if start.date() == end.date():
        return f"{day(start)}, de {hour(start)} à {hour(end)}"
    return f"du {day(start)} à {hour(start)} au {day(end)} à {hour(end)}"


def when(starts_at: dt.datetime, ends_at: dt.datetime, zone_name: str) -> str:
    """The dates at the time of the event, which is named where it is not that of Paris."""
    words = span(starts_at, ends_at, zone(zone_name))
    return words if zone_name == PARIS else f"{words} (heure {PLACES[zone_name]})"


def when_in_paris(starts_at: dt.datetime, ends_at: dt.datetime, zone_name: str) -> str:
    """The same at the time of Paris; empty where it is the same."""
    return "" if zone_name == PARIS else f"{span(starts_at, ends_at, zone(PARIS))} (heure de Paris)"


def deadline(moment: dt.datetime, zone_name: str) -> str:
    """« mardi 3 mars 2027 à 14 h (heure de La Réunion) »; the place of Paris is said too, for a deadline is exact."""
    local = moment.astimezone(zone(zone_name))
    return f"{day(local)} à {hour(local)} (heure {PLACES[zone_name]})"
