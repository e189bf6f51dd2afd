"""« Données des inscriptions »: the purges that were done, and what should have been erased and was not."""

from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from agenda.events.kinds import RegistrationState
from agenda.models import EventSession, RegistrationPurge
from agenda.registrations.purge import overdue, told
from agenda.sessions.policy import organised_events
from territoires_en_commun.base.spreadsheets import FrenchSpreadsheetMixin


def states_label(purge: RegistrationPurge) -> str:
    """« confirmée : 12, annulée : 2 »."""
    return ", ".join(f"{RegistrationState(state).label} : {count}" for state, count in purge.states.items())


def author_label(purge: RegistrationPurge) -> str:
    """Who asked for it; the scheduled job otherwise."""
    return str(purge.by or "tâche planifiée")


class PurgeReportView(FrenchSpreadsheetMixin, ReportView):
    """The purges of the events that one organises, the latest first."""

    model = RegistrationPurge
    page_title = "Données des inscriptions"
    header_icon = "bin"
    index_url_name = "registration_purges"
    index_results_url_name = "registration_purges_results"
    template_name = "agenda/admin/purges.html"
    any_permission_required = ["view"]
    verbose_name_plural = "purges"
    columns = [
        Column("what", label="Événement et séance"),
        DateColumn("at", label="Purgée"),
        Column("count", label="Inscriptions"),
        Column("states", label="Par état", accessor=states_label),
        Column("answers", label="Réponses effacées seules"),
        Column("by", label="Par", accessor=author_label),
    ]
    export_filename = "purges-inscriptions"
    export_headings = {
        "what": "Événement et séance",
        "at": "Purgée le",
        "count": "Inscriptions",
        "answers": "Réponses",
    }
    list_export = [*export_headings]

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(EventSession)

    def get_base_queryset(self):
        mine = organised_events(self.request.user).values("pk")
        return RegistrationPurge.objects.filter(session__event__in=mine).select_related("by").order_by("-at", "-pk")

    def get_filtered_queryset(self):
        return self.get_queryset()

    def get_context_data(self, *args, **kwargs):
        mine = set(organised_events(self.request.user).values_list("pk", flat=True))
        late = [told(due) for due in overdue(timezone.now()) if due.session.event_id in mine]
        return super().get_context_data(*args, **kwargs) | {"late": late}
