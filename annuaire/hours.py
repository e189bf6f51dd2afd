"""Opening hours: how people and spreadsheets write them, one canonical text, and what schema.org wants of them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

DAYS = (
    ("mo", "lundi", "Monday"),
    ("tu", "mardi", "Tuesday"),
    ("we", "mercredi", "Wednesday"),
    ("th", "jeudi", "Thursday"),
    ("fr", "vendredi", "Friday"),
    ("sa", "samedi", "Saturday"),
    ("su", "dimanche", "Sunday"),
)
DAY_KEYS = tuple(key for key, _label, _name in DAYS)
CLOSED = "fermé"
MAX_LENGTH = 200
NO_BREAK = "\u00a0"
Range = tuple[time, time]

_TIME = re.compile(r"(\d{1,2})\s*(?:(?:heures?|[:h]+)\s*(\d{2})?(?!\d))?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\s|[-\u2010-\u2015/,;:.]|\b(?:à|a|et|de|puis|ouvert)\b)*", re.IGNORECASE)
_CLOSED = re.compile(r"\W*|.*\bferm(?:é|e|ée|ee|eture)\b(?:\s+ce\s+jour)?\W*", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\W*(?:horaires?\s+)?non\s+(?:communiqu|renseign|pr[ée]cis)\w*\W*|\W*n\.?[cr]\.?\W*", re.IGNORECASE
)


def normalise(text: str) -> str:
    """The hours of one day in one form.

    « 9:00-12:30 / 13h30 à 17h » gives « 9 h – 12 h 30, 13 h 30 – 17 h »; a dash or « fermé » gives « fermé »;
    « Horaires non communiqués » gives an empty text; anything else is kept as it reads, spaces aside.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if not words or _UNKNOWN.fullmatch(words):
        return ""
    if _CLOSED.fullmatch(words) and not re.search(r"\d", words):
        return CLOSED
    found = ranges(words)
    return write_ranges(found) if found else words


def ranges(text: str) -> list[Range] | None:
    """The opening and closing times of a text that holds nothing else, in order; else None (« fermé » too)."""
    times, position = [], 0
    for match in _TIME.finditer(text):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > 23 or minute > 59 or not _BETWEEN.fullmatch(text[position : match.start()]):
            return None
        times.append(time(hour, minute))
        position = match.end()
    if not _BETWEEN.fullmatch(text[position:]) or not times or len(times) % 2:
        return None
    if any(later <= earlier for earlier, later in pairwise(times)):
        return None
    return list(zip(times[::2], times[1::2], strict=True))


def write_ranges(found: Iterable[Range]) -> str:
    """« 9 h – 12 h 30, 13 h 30 – 17 h »."""
    return ", ".join(f"{write_time(opens)} – {write_time(closes)}" for opens, closes in found)


def write_time(moment: time) -> str:
    """« 9 h », « 12 h 30 », with no-break spaces."""
    minutes = f"{NO_BREAK}{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{minutes}"


def opening_hours_specification(hours: dict[str, str]) -> list[dict[str, str]]:
    """The days whose hours are plain, as schema.org describes them; a closed day opens and closes at midnight."""
    found = []
    for key, _label, name in DAYS:
        text = hours.get(key, "")
        day_ranges = [(time(0), time(0))] if text == CLOSED else ranges(text) or []
        found += [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{name}",
                "opens": f"{opens:%H:%M}",
                "closes": f"{closes:%H:%M}",
            }
            for opens, closes in day_ranges
        ]
    return found


def shown_hours(hours: dict[str, str]) -> list[tuple[str, str]]:
    """Day and hours of the days that are given, for a table."""
    return [(label, hours[key]) for key, label, _name in DAYS if hours.get(key)]
