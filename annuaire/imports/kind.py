"""The import of actors, as the wizard knows it."""

from annuaire.imports.columns import COLUMNS, IDENTIFIERS, LABELS
from annuaire.imports.session import KIND, ActorSession
from annuaire.imports.settings import ActorSettingsForm
from territoires_en_commun.base.page_imports.kind import PageImport


class ActorImport(PageImport):
    """Actors of the directory."""

    name = KIND
    label = "Acteurs"
    help_text = (
        "Une ligne par acteur ou par antenne. Les fiches déjà présentes sont reconnues à leur SIRET, à leur "
        "identifiant ou à leur SIREN."
    )
    columns = COLUMNS
    settings_form = ActorSettingsForm
    session = ActorSession

    def mapping_problems(self, columns: set[str]) -> list[str]:
        if columns.isdisjoint(IDENTIFIERS):
            names = ", ".join(LABELS[name] for name in IDENTIFIERS)
            return [f"Il faut au moins une de ces colonnes, sans quoi un second import ferait des doublons : {names}."]
        return []
