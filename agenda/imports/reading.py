"""One row of the spreadsheet as the values of a call."""

from collections.abc import Mapping
from functools import cached_property

from agenda.imports import values as own
from annuaire.imports.known_actors import KnownActors
from annuaire.models import ActorPage
from territoires_en_commun.base.page_imports import values as v
from territoires_en_commun.base.page_imports.reading import PageReader, ReadRow
from territoires_en_commun.base.page_imports.values import Notes
from territoires_en_commun.base.typography import typeset

FUNDERS_LENGTH = 255
URL_LENGTH = 500
ELSEWHERE = "dites-la dans les conditions d’éligibilité"


class CallReader(PageReader):
    """Reads rows with the settings of one import of calls."""

    def read_own(self, found: ReadRow, row: Mapping[str, str]) -> None:
        notes, values = found.notes, found.values
        values["nature"] = v.read_choice(notes, "nature", row.get("nature", ""), own.NATURES)
        values["recurrence"] = v.read_choice(notes, "recurrence", row.get("recurrence", ""), own.RECURRENCES)
        values["opens_on"] = v.read_day(notes, "opens_on", row.get("opens_on", ""), ELSEWHERE)
        for column in ("prefiling_on", "closes_on"):
            values[column] = own.read_last_day(notes, column, row.get(column, ""), ELSEWHERE)
        for name, read in (("amount", own.read_amount), ("rate", own.read_rate)):
            least, most = f"{name}_min", f"{name}_max"
            values[least] = read(notes, least, row.get(least, ""))
            values[most] = own.read_ceiling(notes, most, row.get(most, ""), read)
        for column, known in (
            ("beneficiaries", own.BENEFICIARIES),
            ("eligible_costs", own.COSTS.known),
            ("project_stages", own.STAGES.known),
        ):
            values[column] = [str(value) for value in v.read_known(notes, column, row.get(column, ""), known)]
        for column in ("description", "eligibility"):
            values[column] = v.paragraphs(row.get(column, ""))
        for column in ("application_url", "source_url"):
            values[column] = v.read_url(notes, column, row.get(column, ""), URL_LENGTH)
        values["contact_text"] = typeset(row.get("contact_text", "").strip())
        values["funders"], values["funders_text"] = self.funders(notes, row.get("funders", ""))

    def funders(self, notes: Notes, text: str) -> tuple[list[ActorPage], str]:
        """The actors that a cell names by SIREN or by name, and the names that the directory does not have."""
        actors, others = {}, []
        for part in v.split_values(text):
            named = self.actors.named(part)
            if named.actor:
                actors[named.actor.pk] = named.actor
            elif named.number:
                notes.refuse("funders", f"« {part} » {named.why}.")
            else:
                notes.warn("funders", f"« {part} » {named.why} : ce nom est gardé en toutes lettres.")
                others.append(typeset(part))
        return list(actors.values()), v.read_text(notes, "funders", ", ".join(others), FUNDERS_LENGTH)

    @cached_property
    def actors(self) -> KnownActors:
        """Those that a cell may name."""
        return KnownActors()
