"""One row of the spreadsheet as the values of an experience."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from annuaire.imports.known_actors import KnownActors
from annuaire.imports.values import read_email
from annuaire.models import ActorPage
from ressources.experience_sections import SECTIONS
from ressources.imports import rows
from ressources.imports import values as own
from ressources.imports.places import PlaceReader
from territoires_en_commun.base.models import Audience
from territoires_en_commun.base.page_imports import values as v
from territoires_en_commun.base.page_imports.reading import PageReader, ReadRow, known_terms
from territoires_en_commun.base.page_imports.values import Notes

NO_FIGURE = "Cette source n’est pas reprise : la ligne n’a pas d’indicateur à qui la donner."


class ExperienceReader(PageReader):
    """Reads rows with the settings of one import of experiences."""

    def __init__(self, settings: Mapping[str, Any], today: dt.date):
        super().__init__(settings, today)
        self.place = PlaceReader(self.places)
        self.actors = KnownActors()
        self.audiences = known_terms(Audience)

    def read_own(self, found: ReadRow, row: Mapping[str, str]) -> None:
        notes, values = found.notes, found.values
        values["place"] = self.place.read(notes, row)
        values["holder"] = self.holder(notes, row.get("holder", ""))
        values["actors"] = self.others(notes, row.get("actors", ""))
        status = row.get("project_status", "")
        values["project_status"] = v.read_choice(notes, "project_status", status, own.STATUSES)
        for column, bound in (("started_on", own.FIRST_DAY), ("ended_on", own.LAST_DAY)):
            values[column] = own.read_bound(notes, column, row.get(column, ""), bound)
        for section in SECTIONS:
            values[section.name] = own.read_section(notes, section.name, row.get(section.name, ""))
        values["cost"] = own.read_cost(notes, "cost", row.get("cost", ""))
        values["fte"] = own.read_fte(notes, "fte", row.get("fte", ""))
        values["contact_email"] = read_email(notes, "contact_email", row.get("contact_email", ""))
        values["audiences"] = v.read_known(notes, "audiences", row.get("audiences", ""), self.audiences)
        values["steps"] = rows.read_steps(notes, row.get("steps", ""))
        values["indicators"] = self.indicators(notes, row)

    def holder(self, notes: Notes, text: str) -> ActorPage | None:
        """The actor who led the experience; a name that is not in the directory is told, and leaves a draft."""
        if len(v.split_values(text)) > 1:
            notes.refuse("holder", "Une expérience a un seul porteur : mettez les autres dans « Acteurs associés ».")
            return None
        name = v.read_text(notes, "holder", text, 255)
        return self.actor(notes, "holder", name, "le porteur reste à choisir dans la fiche") if name else None

    def others(self, notes: Notes, text: str) -> list[ActorPage]:
        """The actors who took part; a name that is not in the directory is told."""
        found = [
            self.actor(notes, "actors", part, "ce nom n’est pas repris, citez-le dans le texte")
            for part in v.split_values(text)
        ]
        return list({actor.pk: actor for actor in found if actor}.values())

    def actor(self, notes: Notes, column: str, text: str, consequence: str) -> ActorPage | None:
        named = self.actors.named(text)
        if named.number and named.actor is None:
            notes.refuse(column, f"« {text} » {named.why}.")
        elif named.actor is None:
            notes.warn(column, f"« {text} » {named.why} : {consequence}.")
        return named.actor

    def indicators(self, notes: Notes, row: Mapping[str, str]) -> list:
        """The figures of a row, with its source for those that tell none."""
        source = rows.read_source(notes, row.get("source", ""))
        found = rows.read_indicators(notes, row.get("indicators", ""), source)
        if any(source) and not found:
            notes.warn("source", NO_FIGURE)
        return found
