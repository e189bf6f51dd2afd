"""The import of experiences, as the wizard knows it."""

from ressources.imports.columns import COLUMNS
from ressources.imports.session import KIND, ExperienceSession
from ressources.imports.settings import ExperienceSettingsForm
from territoires_en_commun.base.page_imports.kind import PageImport


class ExperienceImport(PageImport):
    """Experiences of territories."""

    name = KIND
    label = "Retours d’expérience"
    help_text = "Une ligne par expérience. Celles déjà présentes sont reconnues à leur identifiant."
    columns = COLUMNS
    settings_form = ExperienceSettingsForm
    session = ExperienceSession
