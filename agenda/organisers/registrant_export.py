"""Files of registrants, CSV and XLSX: what each one said and answered. Every file that is taken out leaves a trace."""

from collections import Counter
from functools import partial

from django.db import transaction
from django.utils import timezone
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permissions import policy_registry, register_permission_policy

from agenda.models import EventQuestion, EventSession, Registration, RegistrationExport
from agenda.registrations.registrants import answered, rank_label
from agenda.sessions.policy import OrganiserPolicy
from territoires_en_commun.base.listing.export import Column as ExportColumn
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin
from territoires_en_commun.imports.csv_files import safe_cell

NOBODY = "Aucune inscription"
SEARCHED = "avec une recherche"  # whose words may be a name: they are not kept

register_permission_policy(RegistrationExport, OrganiserPolicy(RegistrationExport, "session__event", ("view",)))

COLUMNS = [
    ExportColumn("Événement", lambda row: row.session.event.title),
    ExportColumn("Séance", lambda row: row.session.title),
    ExportColumn("Début (heure de Paris)", lambda row: row.session.starts_at),
    ExportColumn("Nom", lambda row: row.last_name),
    ExportColumn("Prénom", lambda row: row.first_name),
    ExportColumn("Adresse e-mail", lambda row: row.email),
    ExportColumn("Structure", lambda row: row.organisation),
    ExportColumn("Fonction", lambda row: row.role),
    ExportColumn("Commune", lambda row: row.commune.name if row.commune else ""),
    ExportColumn("Code INSEE", lambda row: row.commune.code if row.commune else ""),
    ExportColumn("État", lambda row: row.get_state_display()),
    ExportColumn("Modalité", lambda row: row.get_presence_display()),
    ExportColumn("Rang", rank_label),
    ExportColumn("Reçue le", lambda row: row.created_at),
    ExportColumn("Adresse confirmée le", lambda row: row.confirmed_at),
    ExportColumn("Pointée le", lambda row: row.checked_in_at),
    ExportColumn("Besoins d’accessibilité", lambda row: row.needs),
]


def export_columns(rows: list[Registration]) -> list[ExportColumn]:
    """The columns of a file: what everybody says, then the questions of the events, archived ones if answered."""
    events = {row.session.event_id: row.session.event for row in rows}
    given = {key for row in rows for key in row.answers}
    columns = list(COLUMNS)
    for question in EventQuestion.objects.filter(event__in=events).order_by("event", "position", "pk"):
        if question.is_archived and str(question.uuid) not in given:
            continue
        title = f" ({events[question.event_id].title})" if len(events) > 1 else ""
        columns.append(ExportColumn(f"{question.label}{title}", partial(answered, question)))
    return columns


@transaction.atomic
def trace_export(rows: list[Registration], *, by, file_format: str, filters: str) -> None:
    """Note who took out which registrations: one row for each session; one that says nobody, for an empty file."""
    sessions: dict[int, EventSession] = {row.session_id: row.session for row in rows}
    counts = Counter(row.session_id for row in rows)
    made = {"by": by, "at": timezone.now(), "format": file_format, "filters": filters[:500]}
    for pk, session in sessions.items():
        RegistrationExport.objects.create(session=session, what=str(session)[:500], count=counts[pk], **made)
    if not rows:
        RegistrationExport.objects.create(what=NOBODY, count=0, **made)


class RegistrantExportMixin(FrenchSpreadsheetMixin):
    """The list of registrants as a file, with its filters; a cell of text is never a formula."""

    show_export_buttons = True
    custom_value_preprocess = {
        str: {FrenchSpreadsheetMixin.FORMAT_XLSX: safe_cell},
        **FrenchSpreadsheetMixin.custom_value_preprocess,
    }

    def as_spreadsheet(self, queryset, spreadsheet_format):
        rows = list(queryset)
        self.file_columns = export_columns(rows)
        self.list_export = range(len(self.file_columns))
        told = [self.filters.in_words(), SEARCHED if self.is_searching else ""]
        trace_export(
            rows, by=self.request.user, file_format=spreadsheet_format, filters=" ; ".join(filter(None, told))
        )
        return super().as_spreadsheet(rows, spreadsheet_format)

    def to_row_dict(self, item):
        return {number: self.file_columns[number].value(item) for number in self.list_export}

    def get_heading(self, queryset, field):
        return safe_cell(self.file_columns[field].header)


class ExportIndexView(IndexView):
    """The files that were taken out, for the organisers of the sessions, the latest first."""

    page_title = "Exports des inscriptions"
    default_ordering = ("-at", "-pk")
    is_searchable = False
    add_url_name = edit_url_name = None
    columns = [
        Column("what", label="Événement et séance"),
        Column("by", label="Par"),
        Column("at", label="Le", accessor=lambda row: f"{timezone.localtime(row.at):%d/%m/%Y %H:%M}"),
        Column("format", label="Format"),
        Column("filters", label="Filtres"),
        NumberColumn("count", label="Inscriptions"),
    ]

    def get_base_queryset(self):
        policy = policy_registry.get_by_type(RegistrationExport)
        return policy.instances_user_has_permission_for(self.request.user, "view").select_related("by")
