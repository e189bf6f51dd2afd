"""One row of the spreadsheet as the values of an actor."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from annuaire.imports import values as own
from annuaire.kinds import REPRESENTED, ActorType
from territoires_en_commun.base.page_imports import values as v
from territoires_en_commun.base.page_imports.communes import CommuneReader
from territoires_en_commun.base.page_imports.places import folded
from territoires_en_commun.base.page_imports.reading import PageReader, ReadRow
from territoires_en_commun.base.page_imports.values import Notes
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.models import Territory, TerritoryType

TEXTS = {"acronym": 30, "address": 255, "address_extra": 255, "opening_note": 255}
FAR = 0.6  # degrees: some 60 km, more than the reach of any commune


class ActorReader(PageReader):
    """Reads rows with the settings of one import of actors."""

    needs_reference = False

    def __init__(self, settings: Mapping[str, Any], today: dt.date):
        super().__init__(settings, today)
        self.communes = CommuneReader(self.places)
        self._around: dict[int, list[Territory]] = {}

    def read_own(self, found: ReadRow, row: Mapping[str, str]) -> None:
        notes, values = found.notes, found.values
        for column, limit in TEXTS.items():
            values[column] = v.read_text(notes, column, row.get(column, ""), limit)
        for column in ("siren", "siret", "rna"):
            values[column] = own.read_identifier(notes, column, row.get(column, ""))
        if values["siret"] and values["siren"] and not values["siret"].startswith(values["siren"]):
            notes.refuse("siret", "Ce SIRET ne commence pas par le SIREN de la même ligne.")
        if not any(values[column] for column in ("siret", "siren", "rna", "external_ref")):
            notes.refuse("", "Il n’y a ni identifiant, ni SIRET, ni SIREN, ni RNA : la ligne ferait des doublons.")
        values["type"] = own.read_type(notes, row.get("type", ""))
        values["phone"] = own.read_phone(notes, "phone", row.get("phone", ""))
        values["email"] = own.read_email(notes, "email", row.get("email", ""))
        values["website"] = v.read_url(notes, "website", row.get("website", ""))
        values["description"] = v.paragraphs(row.get("description", ""))
        values["opening_hours"] = own.read_hours(notes, row)
        values["verified_on"] = own.read_date(notes, "verified_on", row.get("verified_on", ""), self.today)
        values["contact"] = self.contact(notes, row)
        self.read_place(found, row)
        values["represents"] = self.represented(found, row)

    def full_name(self, name: str) -> str:
        """The name with what the import puts before it, unless it begins so."""
        prefix = self.settings.get("name_prefix", "").strip()
        if prefix and not folded(name).startswith(folded(prefix)):
            name = f"{prefix} {name}"
        return typeset(name.strip())

    def contact(self, notes: Notes, row: Mapping[str, str]) -> dict[str, str]:
        """The person of a row, empty when nobody is named."""
        person = {
            "name": v.read_text(notes, "contact_name", row.get("contact_name", ""), 150),
            "role": v.read_text(notes, "contact_role", row.get("contact_role", ""), 150),
            "email": own.read_email(notes, "contact_email", row.get("contact_email", "")),
            "phone": own.read_phone(notes, "contact_phone", row.get("contact_phone", "")),
        }
        if any(person.values()) and not person["name"]:
            notes.refuse("contact_name", "Un contact a un nom : sans personne, utilisez l’adresse générique.")
        return person if person["name"] else {}

    def read_place(self, found: ReadRow, row: Mapping[str, str]) -> None:
        """Postal code, commune and point."""
        notes, values = found.notes, found.values
        postal_code = self.communes.postal_code(notes, row.get("postal_code", ""))
        commune = self.communes.commune(notes, row, postal_code)
        values["postal_code"], values["commune"] = postal_code, commune
        values["point"] = point = own.read_point(notes, row)
        if point and commune and commune.latitude is not None:
            away = max(abs(point[0] - commune.latitude), abs(point[1] - commune.longitude))
            if away > FAR:
                notes.warn("latitude", f"Ce point est à plus de 60 km du centre de {commune.name}.")

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
