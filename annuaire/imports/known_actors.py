"""Which actor of the directory a cell of another room's spreadsheet names."""

from collections import defaultdict
from typing import NamedTuple

from annuaire.identifiers import SIREN_DIGITS, SIRET_DIGITS, compact
from annuaire.models import ActorPage
from territoires_en_commun.base.page_imports.values import fold

NUMBERS = {SIREN_DIGITS: "SIREN", SIRET_DIGITS: "SIRET"}


class Named(NamedTuple):
    """What a text names: one actor, or why none."""

    actor: ActorPage | None
    number: str  # « SIREN », « SIRET » or empty when the text is a name
    why: str  # « n’est pas dans l’annuaire », « désigne plusieurs acteurs »


class KnownActors:
    """The actors that visitors can read, by folded name, folded acronym, SIRET, and SIREN of a legal body."""

    def __init__(self):
        self._known: dict[str, list[ActorPage]] = defaultdict(list)
        for actor in ActorPage.objects.live_public().only("title", "acronym", "siren", "siret"):
            for word in {fold(actor.title), fold(actor.acronym), actor.siret or actor.siren} - {""}:
                self._known[word].append(actor)

    def named(self, text: str) -> Named:
        """The actor of a SIREN, of a SIRET or of a name."""
        digits = compact(text)
        number = NUMBERS.get(len(digits), "") if digits.isdecimal() else ""
        found = self._known.get(digits if number else fold(text), [])
        if len(found) == 1:
            return Named(found[0], number, "")
        if number:
            return Named(None, number, f"n’est le {number} d’aucun acteur publié dans l’annuaire")
        return Named(None, "", "désigne plusieurs acteurs" if found else "n’est pas dans l’annuaire")
