"""A simulation or a run of an import of experiences."""

from ressources.experience_rules import experience_errors, tidy
from ressources.experience_sections import SECTIONS, is_blank
from ressources.imports.fields import FIELDS
from ressources.imports.reading import ExperienceReader
from ressources.models import ExperienceIndexPage, ExperiencePage
from territoires_en_commun.base.page_imports.reading import ReadRow
from territoires_en_commun.base.page_imports.session import PageSession

KIND = "experiences"


class ExperienceSession(PageSession):
    """Reads rows, finds their experience by its identifier, says what would change, writes it."""

    kind = KIND
    model = ExperiencePage
    section_model = ExperienceIndexPage
    no_section = "Il n’y a pas encore de rubrique où créer des retours d’expérience."
    fields = FIELDS
    reader_class = ExperienceReader
    same = "c’est la même expérience"

    def errors_of(self, page: ExperiencePage) -> dict[str, str]:
        tidy(page)
        return experience_errors(page)

    def complete(self, page: ExperiencePage, read: ReadRow) -> None:
        settings = self.settings
        if not page.project_status:
            page.project_status = settings["project_status"]
        if settings["unknown_sections"]:
            for section in SECTIONS:
                if is_blank(getattr(page, section.name)):
                    setattr(page, section.box, True)
        if settings["unknown_figures"]:
            page.cost_unknown = page.cost is None
            page.fte_unknown = page.fte is None
        if not page.external_ref:
            page.external_ref = read.values["external_ref"]
