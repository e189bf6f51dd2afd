"""One row of a spreadsheet as the values of a page: what the rows of every kind of page give."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from territoires_en_commun.base.models import Programme, Term, Theme
from territoires_en_commun.base.publication import MAX_THEMES
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.models import Territory

from . import values as v
from .fields import is_given
from .places import Places
from .values import Notes


def known_terms(model: type[Term], *others: str) -> dict[str, Term]:
    """The terms of a governed list by name, slug and the other words that mean them, all folded."""
    known: dict[str, Term] = {}
    for term in model.objects.select_related("replaced_by"):
        names = [term.name, term.slug]
        for other in others:
            names += v.split_values(getattr(term, other).replace(",", "\n"))
        if term.is_active or term.replaced_by_id:
            for name in names:
                known.setdefault(v.fold(name), term.current)
    return known


@dataclass
class ReadRow:
    """What a row gives: values by field, absent when the cell is empty, and what reading it left."""

    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)


class PageReader(ABC):
    """Reads rows with the settings of one import; a room says what its own columns are worth."""

    needs_reference: ClassVar[bool] = True  # whether nothing else tells a row from another

    def __init__(self, settings: Mapping[str, Any], today: dt.date):
        self.settings = settings
        self.today = today
        self.places = Places()
        self.themes = known_terms(Theme, "synonyms")
        self.programmes = known_terms(Programme, "acronym")

    def read(self, row: Mapping[str, str]) -> ReadRow:
        """The values of a row. Nothing is written, and nothing is asked of the pages."""
        found = ReadRow()
        notes, values = found.notes, found.values
        row = v.without_formulas(notes, row)
        name = v.read_text(notes, "title", row.get("title", ""), 200)
        if not name and not notes.problems:
            notes.refuse("title", "Il n’y a pas de nom.")
        found.title = values["title"] = self.full_name(name)
        values["external_ref"] = self.reference(notes, row.get("external_ref", ""))
        values["summary"] = typeset(v.read_text(notes, "summary", row.get("summary", ""), 300))
        values["themes"] = v.read_known(notes, "themes", row.get("themes", ""), self.themes)
        if len(values["themes"]) > MAX_THEMES:
            notes.refuse("themes", f"Une fiche a au plus {MAX_THEMES} thématiques.")
        values["programmes"] = v.read_known(notes, "programmes", row.get("programmes", ""), self.programmes)
        values["territories"] = self.territories(notes, row.get("territories", ""))
        self.read_own(found, row)
        found.values = {name: value for name, value in values.items() if is_given(value)}
        return found

    @abstractmethod
    def read_own(self, found: ReadRow, row: Mapping[str, str]) -> None:
        """Add the values of the columns that only this kind of page has."""

    def full_name(self, name: str) -> str:
        """The title of the page."""
        return typeset(name)

    def reference(self, notes: Notes, text: str) -> str:
        """The identifier of the row, after the name of its source: « france-services:71 »."""
        if self.needs_reference and not text:
            notes.refuse("external_ref", "Il n’y a pas d’identifiant : un second import ferait des doublons.")
        words = v.read_text(notes, "external_ref", text, 150)
        return f"{self.settings['dataset']}:{words}" if words else ""

    def territories(self, notes: Notes, text: str) -> list[Territory]:
        """The territories of a cell; one that is unknown or ambiguous refuses the row."""
        found = {}
        for part in v.split_values(text.replace(",", "|") if "|" not in text and not self.places.find(text) else text):
            keys = self.places.find(part)
            if len(keys) == 1:
                found[keys[0]] = self.places.territory(keys[0])
            elif keys:
                notes.refuse("territories", f"« {part} » peut être {self.places.names(keys)} : donnez le code.")
            else:
                notes.refuse("territories", f"« {part} » ne désigne aucun territoire.")
        return list(found.values())
