"""A simulation or a run of an import of calls."""

from agenda.calls.rules import call_errors
from agenda.imports.fields import FIELDS
from agenda.imports.reading import CallReader
from agenda.models import CallIndexPage, CallPage
from territoires_en_commun.base.page_imports.reading import ReadRow
from territoires_en_commun.base.page_imports.session import PageSession
from territoires_en_commun.territories.models import Territory, TerritoryType

KIND = "appels"


class CallSession(PageSession):
    """Reads rows, finds their call by its identifier, says what would change, writes it."""

    kind = KIND
    model = CallPage
    section_model = CallIndexPage
    no_section = "Il n’y a pas encore de rubrique où créer des appels à projets."
    fields = FIELDS
    reader_class = CallReader
    same = "c’est le même appel"

    def errors_of(self, page: CallPage) -> dict[str, str]:
        return call_errors(page)

    def complete(self, page: CallPage, read: ReadRow) -> None:
        settings = self.settings
        if not page.nature:
            page.nature = settings["nature"]
        if not page.funders_text and not page.links.all():
            page.funders_text = settings["funders_text"]
        if not page.source_url:
            page.source_url = settings["source_url"]
        if settings["everywhere"] and not page.territories.all():
            page.territories = list(Territory.objects.filter(type=TerritoryType.PAYS))
        if not page.external_ref:
            page.external_ref = read.values["external_ref"]
