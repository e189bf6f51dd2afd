"""One row of the spreadsheet as the values of an actor."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape

from annuaire.imports import values as v
from annuaire.imports.places import Places, folded
from annuaire.imports.values import Notes
from annuaire.kinds import REPRESENTED, ActorType
from territoires_en_commun.base.models import Programme, Term, Theme
from territoires_en_commun.base.publication import MAX_THEMES
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.models import Territory, TerritoryType

TEXTS = {"acronym": 30, "address": 255, "address_extra": 255, "opening_note": 255}
FAR = 0.6  # degrees: some 60 km, more than the reach of any commune


class Terms:
    """The terms of a governed list by name, slug and the other words that mean them."""

    def __init__(self, model: type[Term], *others: str):
        self.label = str(model._meta.verbose_name)
        self.known: dict[str, Term] = {}
        for term in model.objects.select_related("replaced_by"):
            names = [term.name, term.slug]
            for other in others:
                names += v.split_values(getattr(term, other).replace(",", "\n"))
            if term.is_active or term.replaced_by_id:
                for name in names:
                    self.known.setdefault(v.fold(name), term.current)

    def read(self, notes: Notes, column: str, text: str) -> list[Term]:
        """The terms of a cell, each once; unknown ones are told and left aside."""
        parts = [text] if v.fold(text) in self.known else v.split_values(text)
        if len(parts) == 1 and v.fold(parts[0]) not in self.known:
            parts = [part.strip() for part in parts[0].split(",")]
        found = {}
        for part in filter(None, parts):
            term = self.known.get(v.fold(part))
            if term is None:
                notes.warn(column, f"« {part} » n’est pas dans les référentiels : cette valeur n’est pas reprise.")
            else:
                found[term.pk] = term
        return list(found.values())


@dataclass
class ReadRow:
    """What a row gives: values by field, absent when the cell is empty, and what reading it left."""

    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)


class RowReader:
    """Reads rows with the settings of one import."""

    def __init__(self, settings: Mapping[str, Any], today: dt.date):
        self.settings = settings
        self.today = today
        self.places = Places()
        self.themes = Terms(Theme, "synonyms")
        self.programmes = Terms(Programme, "acronym")
        self._around: dict[int, list[Territory]] = {}

    def read(self, row: Mapping[str, str]) -> ReadRow:
        """The values of a row. Nothing is written, and nothing is asked of the directory."""
        found = ReadRow()
        notes, values = found.notes, found.values
        name = v.read_text(notes, "title", row.get("title", ""), 200)
        if not name and not notes.problems:
            notes.refuse("title", "Il n’y a pas de nom.")
        found.title = values["title"] = self.full_name(name)
        for column, limit in TEXTS.items():
            values[column] = v.read_text(notes, column, row.get(column, ""), limit)
        for column in ("siren", "siret", "rna"):
            values[column] = v.read_identifier(notes, column, row.get(column, ""))
        if values["siret"] and values["siren"] and not values["siret"].startswith(values["siren"]):
            notes.refuse("siret", "Ce SIRET ne commence pas par le SIREN de la même ligne.")
        values["external_ref"] = self.reference(notes, row.get("external_ref", ""))
        if not any(values[column] for column in ("siret", "siren", "rna", "external_ref")):
            notes.refuse("", "Il n’y a ni identifiant, ni SIRET, ni SIREN, ni RNA : la ligne ferait des doublons.")
        values["type"] = v.read_type(notes, row.get("type", ""))
        values["phone"] = v.read_phone(notes, "phone", row.get("phone", ""))
        values["email"] = v.read_email(notes, "email", row.get("email", ""))
        values["website"] = v.read_url(notes, "website", row.get("website", ""))
        values["summary"] = typeset(v.read_text(notes, "summary", row.get("summary", ""), 300))
        values["description"] = paragraphs(row.get("description", ""))
        values["opening_hours"] = v.read_hours(notes, row)
        values["verified_on"] = v.read_date(notes, "verified_on", row.get("verified_on", ""), self.today)
        values["contact"] = self.contact(notes, row)
        self.read_place(found, row)
        self.read_relations(found, row)
        found.values = {name: value for name, value in values.items() if value}
        return found

    def full_name(self, name: str) -> str:
        """The name with what the import puts before it, unless it begins so."""
        prefix = self.settings.get("name_prefix", "").strip()
        if prefix and not folded(name).startswith(folded(prefix)):
            name = f"{prefix} {name}"
        return typeset(name.strip())

    def reference(self, notes: Notes, text: str) -> str:
        """The identifier of the row, after the name of its source: « france-services:71 »."""
        words = v.read_text(notes, "external_ref", text, 150)
        return f"{self.settings['dataset']}:{words}" if words else ""

    def contact(self, notes: Notes, row: Mapping[str, str]) -> dict[str, str]:
        """The person of a row, empty when nobody is named."""
        person = {
            "name": v.read_text(notes, "contact_name", row.get("contact_name", ""), 150),
            "role": v.read_text(notes, "contact_role", row.get("contact_role", ""), 150),
            "email": v.read_email(notes, "contact_email", row.get("contact_email", "")),
            "phone": v.read_phone(notes, "contact_phone", row.get("contact_phone", "")),
        }
        if any(person.values()) and not person["name"]:
            notes.refuse("contact_name", "Un contact a un nom : sans personne, utilisez l’adresse générique.")
        return person if person["name"] else {}

    def read_place(self, found: ReadRow, row: Mapping[str, str]) -> None:
        """Postal code, commune and point."""
        notes, values = found.notes, found.values
        postal_code = self.postal_code(notes, row.get("postal_code", ""))
        commune = self.commune(notes, row, postal_code)
        values["postal_code"], values["commune"] = postal_code, commune
        values["point"] = point = v.read_point(notes, row)
        if point and commune and commune.latitude is not None:
            away = max(abs(point[0] - commune.latitude), abs(point[1] - commune.longitude))
            if away > FAR:
                notes.warn("latitude", f"Ce point est à plus de 60 km du centre de {commune.name}.")

    def postal_code(self, notes: Notes, text: str) -> str:
        digits = text.replace(" ", "").replace("\u00a0", "")
        if not digits:
            return ""
        if digits.isdecimal() and len(digits) == 4:
            notes.repair("postal_code", text, f"0{digits}", "Le tableur a retiré le zéro du début.")
            return f"0{digits}"
        if not (digits.isascii() and digits.isdecimal() and len(digits) == 5):
            notes.refuse("postal_code", f"« {text} » n’est pas un code postal : il a cinq chiffres.")
            return ""
        return digits

    def commune(self, notes: Notes, row: Mapping[str, str], postal_code: str) -> Territory | None:
        """The commune of the address, by code, else by postal code and name."""
        code, name = row.get("commune_code", "").upper().replace(" ", ""), row.get("commune", "").strip()
        padded = f"0{code}" if code.isdecimal() and len(code) == 4 else code
        known = self.places.of_code(padded) if padded else None
        if known is None and not (name or postal_code):
            if code:
                notes.refuse("commune_code", f"« {code} » n’est le code d’aucune commune.")
            return None
        if known is None:
            return self.guessed_commune(notes, code, name, postal_code)
        commune = self.places.territory(known.pk)
        if padded != code:
            notes.repair("commune_code", code, padded, f"Le tableur a retiré le zéro du début : {commune.name}.")
        if name and not self.places.named_alike(known.pk, name):
            return self.contradicted_commune(notes, commune, name, postal_code)
        return commune

    def contradicted_commune(self, notes: Notes, commune: Territory, name: str, postal_code: str) -> Territory:
        """The commune that the postal code and the name agree on, proposed against the code; else that of the code."""
        said = f"le code est celui de {commune.name} ({commune.code})"
        other = self.places.of_exact_names(postal_code, name)
        if other is None:
            notes.warn("commune", f"{said[0].upper()}{said[1:]}, le nom dit « {name} ».")
            return commune
        meant = self.places.territory(other)
        reason = f"Le nom et le code postal {postal_code} s’accordent ; {said}."
        notes.repair("commune_code", commune.code, f"{meant.name} ({meant.code})", reason)
        return meant

    def guessed_commune(self, notes: Notes, code: str, name: str, postal_code: str) -> Territory | None:
        """The one commune that a postal code and a name can mean, proposed as a repair; else refused."""
        candidates = [found.pk for found in self.places.of_names(postal_code, name)]
        said = " ".join(filter(None, [postal_code, name]))
        column = "commune_code" if code else "commune"
        if len(candidates) == 1:
            commune = self.places.territory(candidates[0])
            reason = f"D’après « {said} »."
            notes.repair(column, code or said, f"{commune.name} ({commune.code})", reason)
            return commune
        if candidates:
            names = self.places.names(candidates)
            notes.refuse(column, f"« {said} » peut être {names} : donnez le code INSEE ou le nom de la commune.")
        else:
            unknown = f"« {code} » n’est le code d’aucune commune, et " if code else ""
            notes.refuse(column, f"{unknown}« {said} » ne désigne aucune commune.")
        return None

    def read_relations(self, found: ReadRow, row: Mapping[str, str]) -> None:
        """Themes, programmes, territories of action, and the territory of a council."""
        notes, values = found.notes, found.values
        values["themes"] = self.themes.read(notes, "themes", row.get("themes", ""))
        if len(values["themes"]) > MAX_THEMES:
            notes.refuse("themes", f"Une fiche a au plus {MAX_THEMES} thématiques.")
        values["programmes"] = self.programmes.read(notes, "programmes", row.get("programmes", ""))
        values["represents"] = self.represented(found, row)
        values["territories"] = self.territories(notes, row.get("territories", ""))

    def represented(self, found: ReadRow, row: Mapping[str, str]) -> Territory | None:
        """The territory that a council governs: said by its code, else its own commune or SIREN."""
        notes, values = found.notes, found.values
        type_, text = values["type"] or self.settings.get("type", ""), row.get("represents", "").strip()
        if text:
            keys = [key for key in self.places.find(text) if self.can_be_governed(type_, key)]
            if len(keys) == 1:
                return self.places.territory(keys[0])
            notes.refuse("represents", f"« {text} » ne désigne pas un territoire que cet acteur peut administrer.")
        elif type_ == ActorType.COMMUNE:
            return values["commune"]
        elif type_ == ActorType.EPCI and (siren := values["siren"] or values["siret"][:9]):
            return Territory.objects.active().filter(type=TerritoryType.EPCI, code=siren).first()
        return None

    def can_be_governed(self, type_: str, key: int) -> bool:
        return self.places.territory(key).type in REPRESENTED.get(type_, set())

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

    def territories_around(self, commune: Territory | None) -> list[Territory]:
        """Where the import says that actors act when their row does not: at the chosen scale around their commune."""
        scale = self.settings.get("acts_in", "")
        if scale == TerritoryType.PAYS:
            return list(Territory.objects.filter(type=TerritoryType.PAYS))
        if not scale or commune is None:
            return []
        if commune.pk not in self._around:
            around = [place for place in (commune, *commune.containers) if place.type == scale]
            self._around[commune.pk] = (around or [commune])[:1]  # four islands are in no EPCI
        return self._around[commune.pk]


def paragraphs(text: str) -> str:
    """A plain text as paragraphs of rich text."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "".join(f"<p>{escape(typeset(line))}</p>" for line in lines if line)
