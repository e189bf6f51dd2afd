"""The import of calls, as the wizard knows it."""

from agenda.imports.columns import COLUMNS
from agenda.imports.session import KIND, CallSession
from agenda.imports.settings import CallSettingsForm
from territoires_en_commun.base.page_imports.kind import PageImport


class CallImport(PageImport):
    """Calls for projects."""

    name = KIND
    label = "Appels à projets"
    help_text = "Une ligne par appel. Les appels déjà présents sont reconnus à leur identifiant."
    columns = COLUMNS
    settings_form = CallSettingsForm
    session = CallSession
