"""The commune of a row: by « code INSEE », by postal code and name, which may lack or contradict one another."""

from collections.abc import Mapping

from territoires_en_commun.territories.models import Territory

from .places import Places
from .values import Notes


class CommuneReader:
    """Reads the columns ``postal_code`` and ``commune_code``, and the one that names the commune."""

    def __init__(self, places: Places, column: str = "commune"):
        self.places = places
        self.column = column

    def postal_code(self, notes: Notes, text: str) -> str:
        """Five digits; a lost leading zero is proposed."""
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
        code, name = row.get("commune_code", "").upper().replace(" ", ""), row.get(self.column, "").strip()
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
            notes.warn(self.column, f"{said[0].upper()}{said[1:]}, le nom dit « {name} ».")
            return commune
        meant = self.places.territory(other)
        reason = f"Le nom et le code postal {postal_code} s’accordent ; {said}."
        notes.repair("commune_code", commune.code, f"{meant.name} ({meant.code})", reason)
        return meant

    def guessed_commune(self, notes: Notes, code: str, name: str, postal_code: str) -> Territory | None:
        """The one commune that a postal code and a name can mean, proposed as a repair; else refused."""
        candidates = [found.pk for found in self.places.of_names(postal_code, name)]
        said = " ".join(filter(None, [postal_code, name]))
        column = "commune_code" if code else self.column
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
