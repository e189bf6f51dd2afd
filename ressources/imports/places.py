"""Where an experience took place, as files tell it: a commune most often, or a larger territory."""

import re
from collections.abc import Mapping

from territoires_en_commun.base.page_imports.communes import CommuneReader
from territoires_en_commun.base.page_imports.fields import territory_name
from territoires_en_commun.base.page_imports.places import COMMUNES, Places
from territoires_en_commun.base.page_imports.values import Notes, read_text, split_values
from territoires_en_commun.territories.models import Territory
from territoires_en_commun.territories.search.query import as_numbered_city

COLUMN = "place"
MAX_LENGTH = 255
CODE_LENGTH = 5
OF_TOWN = re.compile(r"^(?:ville|commune|mairie)\s+(?:de\s+|d[’'])", re.IGNORECASE)
NUMBER_FIRST = re.compile(r"(?P<number>\d{5})[\s,–-]+(?P<name>\D.*)")
NUMBER_LAST = re.compile(r"(?P<name>\D.*?)(?:[\s,–-]+|\s*\()(?P<number>\d{5})\)?")
DEPARTMENT_LAST = re.compile(r"(?P<name>\D.*?)\s*\((?P<department>\d[\dAB]|97\d)\)", re.IGNORECASE)
CODE = re.compile(r"\d[\dAB]?\d{3}", re.IGNORECASE)
SEVERAL = "Une expérience a un seul territoire : mettez les autres dans « Autres territoires concernés »."


def arrondissement_of(text: str) -> str:
    """« Lyon 3e arrondissement » for « Lyon 3 » or « Lyon 3ème arr. », as the official code writes it, or the text."""
    match = as_numbered_city(text)
    if match is None:
        return text
    city, rank, _said = match
    return f"{city.capitalize()} {rank}{'er' if rank == '1' else 'e'} arrondissement"


class PlaceReader:
    """Reads the columns ``place``, ``commune_code`` and ``postal_code``; what is guessed is proposed as a repair."""

    def __init__(self, places: Places):
        self.places = places
        self.communes = CommuneReader(places, COLUMN)

    def read(self, notes: Notes, row: Mapping[str, str]) -> Territory | None:
        """The territory of a row; one that is unknown or ambiguous refuses it."""
        if len(split_values(row.get(COLUMN, ""))) > 1:
            notes.refuse(COLUMN, SEVERAL)
            return None
        text, code = read_text(notes, COLUMN, row.get(COLUMN, ""), MAX_LENGTH), row.get("commune_code", "")
        postal_code = self.communes.postal_code(notes, row.get("postal_code", ""))
        if code or postal_code:
            match = NUMBER_FIRST.fullmatch(text) or NUMBER_LAST.fullmatch(text) or DEPARTMENT_LAST.fullmatch(text)
            name = match["name"] if match else text
            return self.communes.commune(notes, {COLUMN: name, "commune_code": code}, postal_code)
        return self.told(notes, text) if text else None

    def told(self, notes: Notes, text: str) -> Territory | None:
        """The territory that one cell designates."""
        if match := NUMBER_FIRST.fullmatch(text) or NUMBER_LAST.fullmatch(text):
            return self.numbered(notes, match["name"], match["number"])
        if match := DEPARTMENT_LAST.fullmatch(text):
            return self.in_department(notes, text, match["name"], match["department"].upper())
        return self.coded(notes, text) if CODE.fullmatch(text) else self.named(notes, text)

    def numbered(self, notes: Notes, name: str, number: str) -> Territory | None:
        """« 23000 Guéret », « Guéret (23096) »: the number is the official code of that name, else a postal code."""
        known = self.places.of_code(number)
        if known and self.places.named_alike(known.pk, name):
            return self.places.territory(known.pk)
        return self.communes.commune(notes, {COLUMN: name}, number)

    def in_department(self, notes: Notes, text: str, name: str, department: str) -> Territory | None:
        """« Guéret (23) »: that name inside the département; or the département itself, « Creuse (23) »."""
        found = [self.places.territory(one.pk) for one in self.places.of_names("", name)]
        found = [one for one in found if one.code.startswith(department)]
        if not found:
            areas = self.places.find(department)
            found = [self.places.territory(key) for key in areas if self.places.named_alike(key, name)]
        if len(found) == 1:
            return found[0]
        if found:
            names = self.places.names(one.pk for one in found)
            notes.refuse(COLUMN, f"« {text} » peut être {names} : donnez le code INSEE.")
        else:
            notes.refuse(COLUMN, f"« {text} » ne désigne aucune commune de ce département.")
        return None

    def coded(self, notes: Notes, text: str) -> Territory | None:
        """Five digits, or four whose zero is lost: an official code or a postal code, refused when it is both."""
        code = f"0{text}" if len(text) < CODE_LENGTH else text.upper()
        known, around = self.places.of_code(code), self.places.of_names(code, "")
        if known and around and known.pk not in {one.pk for one in around}:
            names = self.places.names({known.pk, *(one.pk for one in around)})
            notes.refuse(
                COLUMN, f"« {text} » est à la fois un code INSEE et un code postal ({names}) : ajoutez le nom."
            )
            return None
        if known is None and around:
            return self.communes.commune(notes, {}, code)
        if known is None:
            notes.refuse(COLUMN, f"« {text} » n’est le code d’aucune commune.")
            return None
        commune = self.places.territory(known.pk)
        if code != text.upper():
            notes.repair(COLUMN, text, territory_name(commune), "Le tableur a retiré le zéro du début.")
        return commune

    def named(self, notes: Notes, text: str) -> Territory | None:
        """A name or a key: a commune, which may have namesakes, is proposed; a larger territory is sure."""
        found = [self.places.territory(key) for key in self.places.find(text)]
        if not found:
            text = OF_TOWN.sub("", text)
            numbered = arrondissement_of(text)
            text = numbered if self.places.find(numbered) else text
        areas = [one for one in found if one.type not in COMMUNES]
        if ":" in text and found:
            return found[0]
        communes = [one.pk for one in self.places.of_names("", text)] if areas else []
        if len(areas) == 1 and not communes:
            return areas[0]
        if not areas or self.is_heart_of(communes, areas):
            return self.communes.commune(notes, {COLUMN: text}, "")
        keys = [*communes, *(area.pk for area in areas)]
        notes.refuse(COLUMN, f"« {text} » peut être {self.places.names(keys)} : donnez le code.")
        return None

    def is_heart_of(self, communes: list[int], areas: list[Territory]) -> bool:
        """Whether one commune is inside all the larger territories of its name, as Paris is: it is the one meant."""
        if len(communes) != 1:
            return False
        around = {one.pk for one in self.places.territory(communes[0]).containers}
        return all(area.pk in around for area in areas)
