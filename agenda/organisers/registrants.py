"""« Inscriptions »: the registrants of the sessions that one organises, what each said, and what is done to them."""

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from agenda.models import Registration, RegistrationExport
from agenda.organisers.registrant_export import ExportIndexView, RegistrantExportMixin
from agenda.organisers.registrant_filters import RegistrantFilterSet
from agenda.organisers.registrant_verbs import VERBS
from agenda.registrations.registrants import answers_of, name_of, organised_registrations, rank_label
from agenda.sessions.times import when

INDEX = "inscriptions:index"
RANK = "rank"
SEARCHED = ("last_name", "first_name", "email", "organisation")


def registrants_url(**filters) -> str:
    """The list of registrants, filtered."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse(INDEX)}?{query}"


def session_label(registration: Registration) -> str:
    """« Atelier – 24/11/2026 14:00 »."""
    return str(registration.session)


def confirmed_on(registration: Registration) -> str:
    """« 24/11/2026 14:02 » at the time of Paris; empty while the address is not confirmed."""
    moment = registration.confirmed_at
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


class RegistrantIndexView(RegistrantExportMixin, IndexView):
    """The registrants: the latest session first, then first come first."""

    default_ordering = RANK

    def get_base_queryset(self):
        return organised_registrations(self.request.user)

    def order_queryset(self, queryset):
        if self.ordering == RANK:
            return queryset.order_by("-session__starts_at", "session", F("rank").asc(nulls_last=True), "pk")
        return queryset.order_by(self.ordering, "pk")

    def filter_queryset(self, queryset):
        """A filter that makes no sense shows nobody: a file must not hold more than what was asked."""
        if not self.filters.is_valid():
            return queryset.none()
        return self.filters.filter_queryset(queryset)

    def search_queryset(self, queryset):
        """Each word in one of the fields: « camille durand » finds « Durand, Camille »."""
        for word in self.search_query.split():
            found = Q()
            for field in SEARCHED:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset

    def get_edit_url(self, instance):
        return None

    @cached_property
    def header_more_buttons(self):
        return [
            *super().header_more_buttons,
            Button("Exports déjà faits", url=reverse("inscriptions:exports"), icon_name="history", priority=120),
        ]


class RegistrantScreen(WagtailAdminTemplateMixin, TemplateView):
    """One registration of an event that one organises; 404 for any other."""

    template_name = "agenda/admin/registrant.html"
    header_icon = "user"
    page_title = "Inscription"
    forms: dict = {}

    @cached_property
    def registration(self) -> Registration:
        return get_object_or_404(organised_registrations(self.request.user), pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return name_of(self.registration)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": registrants_url(session=self.registration.session_id), "label": "Inscriptions"},
            {"url": "", "label": name_of(self.registration)},
        ]

    def actions(self) -> list[dict]:
        """What may be done now: the words, where it is posted, and the form that asks why."""
        return [
            {
                "verb": verb,
                "url": reverse("inscriptions:verb", args=[self.registration.pk, name]),
                "form": self.forms.get(name) or verb.form(auto_id=f"{name}-%s"),
            }
            for name, verb in VERBS.items()
            if verb.suits(self.registration, timezone.now())
        ]

    def get_context_data(self, **kwargs):
        row = self.registration
        session = row.session
        return super().get_context_data(
            registration=row,
            name=name_of(row),
            session_url=reverse("seances:edit", args=[session.pk]),
            when=when(session.starts_at, session.ends_at, session.event.time_zone),
            rank=rank_label(row),
            answers=answers_of(row),
            moves=row.moves.select_related("by"),
            actions=self.actions(),
            **kwargs,
        )


class RegistrantView(RegistrantScreen):
    """Everything that somebody said, and the moves of their registration."""

    http_method_names = ["get", "head"]


class RegistrantVerbView(RegistrantScreen):
    """One thing done to one registration, by POST alone."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        name = kwargs["verb"]
        registration = self.registration
        if name not in VERBS:
            raise Http404
        form = VERBS[name].form(request.POST, auto_id=f"{name}-%s")
        if not form.is_valid():
            messages.error(request, "Rien n’est fait : lisez pourquoi ci-dessous.")
            self.forms = {name: form}
            return self.render_to_response(self.get_context_data())
        try:
            done = VERBS[name].apply(registration, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{name_of(done)} : inscription {done.get_state_display()}.")
        return redirect("inscriptions:detail", registration.pk)


class RegistrantViewSet(ModelViewSet):
    """Each organiser finds who is registered to their events."""

    model = Registration
    name = "inscriptions"
    icon = "group"
    menu_label = "Inscriptions"
    menu_order = 346
    add_to_admin_menu = True
    add_to_reference_index = False
    list_per_page = 100
    export_filename = "inscriptions"
    search_fields = list(SEARCHED)
    search_backend_name = None
    index_view_class = RegistrantIndexView
    index_template_name = "agenda/admin/registrants.html"
    filterset_class = RegistrantFilterSet
    form_fields: list[str] = []

    @property
    def list_display(self):
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="registration"),
            TitleColumn(
                "name",
                label="Nom",
                accessor=name_of,
                url_name=self.get_url_name("detail"),
                sort_key="last_name",
                get_title_id=lambda row: f"registration_{row.pk}_title",
            ),
            Column("organisation", label="Structure", sort_key="organisation"),
            Column("commune", label="Commune", accessor=lambda row: row.commune.name if row.commune else ""),
            Column("session", label="Séance", accessor=session_label),
            Column("state", label="État", accessor=lambda row: row.get_state_display()),
            Column("presence", label="Modalité", accessor=lambda row: row.get_presence_display()),
            Column("rank", label="Rang", accessor=rank_label, sort_key=RANK),
            Column("confirmed_at", label="Confirmée le", accessor=confirmed_on, sort_key="confirmed_at"),
            Column("needs", label="Besoins", accessor=lambda row: "oui" if row.needs else ""),
        ]

    def register_admin_url_finder(self):
        """Registrations are found from their session."""

    def exports_view(self, **kwargs):
        """The list of the files that were taken out."""
        return self.construct_view(
            ExportIndexView,
            model=RegistrationExport,
            index_url_name=self.get_url_name("exports"),
            index_results_url_name=self.get_url_name("exports_results"),
            **kwargs,
        )

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("exports/", self.exports_view(), name="exports"),
            path("exports/results/", self.exports_view(results_only=True), name="exports_results"),
            path("<int:pk>/", RegistrantView.as_view(), name="detail"),
            path("<int:pk>/<slug:verb>/", RegistrantVerbView.as_view(), name="verb"),
        ]
