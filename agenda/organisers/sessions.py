"""« Séances »: the dates and seats of the events that one organises, apart from the versions of their pages."""

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet

from agenda.events.kinds import ACTIVE, Presence, RegistrationState
from agenda.models import EventSession
from agenda.models.sessions import TAKEN
from agenda.organisers.clash_warnings import clash_rows, warn_of_clashes
from agenda.organisers.group_messages import GroupMessageView
from agenda.organisers.registrants import registrants_url
from agenda.organisers.series import SeriesView
from agenda.organisers.session_people import session_people
from agenda.organisers.session_screens import INDEX, EventScreen, SessionScreen
from agenda.registrations.attendance import AbsentsView, AttendanceView
from agenda.sessions import services
from agenda.sessions.forms import EditSessionForm, MessageForm, NewSessionForm, SessionForm
from agenda.sessions.policy import OrganiserPolicy, organised_events
from agenda.sessions.times import when

FORM = "agenda/admin/session_form.html"
MOST_EVENTS = 100
UPCOMING, PAST = "a-venir", "passees"
VERBS = {
    "annuler": (services.cancel_session, "Annuler la séance", "Elle n’aura pas lieu. Les inscrits sont prévenus."),
    "reporter": (
        services.postpone_session,
        "Reporter la séance",
        "Sa nouvelle date n’est pas connue : chacun garde sa place jusque-là.",
    ),
    "en-ligne": (
        services.move_online,
        "Passer la séance en ligne",
        "Plus personne ne vient sur place : chacun garde sa place, à distance.",
    ),
    "retablir": (services.restore_session, "Rétablir la séance", "Elle a lieu à ces heures, avec ses inscrits."),
}


def seats_label(session: EventSession, presence: Presence) -> str:
    """« 12 / 30 », « 12 » without limit; of a session read ``with_taken``."""
    taken, capacity = getattr(session, TAKEN[presence]), session.capacity(presence)
    return str(taken) if capacity is None else f"{taken} / {capacity}"


class SessionFilterSet(WagtailFilterSet):
    """To come, or over; of one event."""

    period = django_filters.ChoiceFilter(
        label="Période", choices=[(UPCOMING, "À venir"), (PAST, "Passées")], method="filter_period"
    )
    event = django_filters.ModelChoiceFilter(
        label="Événement", queryset=lambda request: organised_events(request.user).order_by("title")
    )

    class Meta:
        model = EventSession
        fields: list[str] = []

    def filter_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        now = timezone.now()
        return queryset.to_come(now) if value == UPCOMING else queryset.over(now)


class SessionIndexView(IndexView):
    """The sessions that one organises, the next first; those that are over come last."""

    add_item_label = "Ajouter une séance"

    def get_base_queryset(self):
        policy = OrganiserPolicy(EventSession, "event")
        rows = policy.instances_user_has_permission_for(self.request.user, "change").with_taken()
        waiting = Count("registrations", filter=Q(registrations__state=RegistrationState.WAITING))
        registered = Count("registrations", filter=Q(registrations__state__in=ACTIVE))
        return rows.annotate(waiting=waiting, registered=registered).select_related("event")

    def order_queryset(self, queryset):
        is_over = Case(When(ends_at__lte=timezone.now(), then=1), default=0)
        return queryset.order_by(is_over, "starts_at", "pk")


class AddView(EventScreen, FormView):
    """A new session, or a series."""

    template_name = FORM
    form_class = NewSessionForm
    page_title = "Nouvelle séance"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"event": self.event}

    def form_valid(self, form):
        try:
            found = services.create_sessions(model=form.instance, dates=form.dates)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        created = f"{len(found)} séances sont créées." if len(found) > 1 else "La séance est créée."
        messages.success(self.request, created)
        warn_of_clashes(self.request, found)
        return redirect(INDEX)


class EditView(SessionScreen, FormView):
    """Title, seats, registration dates; the hours of a session where people are registered move with a message."""

    template_name = FORM
    form_class = EditSessionForm
    page_title = "Modifier la séance"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"event": self.event, "instance": self.session}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            session=self.session,
            verbs=self.verbs(),
            clashes=clash_rows([self.stored_session()]),
            people=session_people(self.session, timezone.now()),
            series_url=reverse("seances:series", args=[self.session.pk]) if self.session.series else "",
            **kwargs,
        )

    def stored_session(self) -> EventSession:
        """The session as it is, whatever the form says."""
        return EventSession.objects.select_related("event").get(pk=self.session.pk)

    def verbs(self) -> list[dict[str, str]]:
        """What may become of the session."""
        is_off = not self.session.takes_place
        offered = [verb for verb in VERBS if (verb == "retablir") == is_off]
        if Presence.ONSITE not in self.session.presences:
            offered = [verb for verb in offered if verb != "en-ligne"]
        pk = self.session.pk
        return [{"label": VERBS[verb][1], "url": reverse("seances:verb", args=[pk, verb])} for verb in offered]

    def form_valid(self, form):
        data = form.cleaned_data
        values = {name: data[name] for name in SessionForm.Meta.fields if name in data}
        try:
            services.edit_session(
                session=self.session,
                values=values,
                message=data["message"],
                is_acknowledged=data["is_acknowledged"],
            )
        except services.FewerSeatsError as error:
            form.add_error("is_acknowledged", error)
            return self.form_invalid(form)
        except ValidationError as error:
            form.add_error("message" if error.messages == [services.MESSAGE_NEEDED] else None, error)
            return self.form_invalid(form)
        messages.success(self.request, "La séance est enregistrée.")
        warn_of_clashes(self.request, [self.stored_session()])
        return redirect(INDEX)


class VerbView(SessionScreen, FormView):
    """Cancel, put off, move online, restore: what happens is said before, and a message is asked."""

    form_class = MessageForm
    template_name = "agenda/admin/session_verb.html"

    @cached_property
    def verb(self):
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        return VERBS[self.kwargs["verb"]]

    def get_page_title(self):
        return self.verb[1]

    def get_context_data(self, **kwargs):
        concerned = self.session.registrations.active().count()
        return super().get_context_data(
            consequence=self.verb[2], verb=self.verb[1], concerned=concerned, cancel_url=reverse(INDEX), **kwargs
        )

    def form_valid(self, form):
        try:
            self.verb[0](session=self.session, message=form.cleaned_data["message"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, "C’est fait ; les personnes concernées sont prévenues.")
        return redirect(INDEX)


class ChooseEventView(WagtailAdminTemplateMixin, TemplateView):
    """The events that one organises, of which one gets a new session."""

    template_name = "agenda/admin/choose_event.html"
    page_title = "Nouvelle séance"
    header_icon = "date"

    def get_context_data(self, **kwargs):
        events = organised_events(self.request.user).order_by("-latest_revision_created_at")[:MOST_EVENTS]
        return super().get_context_data(events=events, **kwargs)


class SessionViewSet(ModelViewSet):
    """Each organiser finds the sessions of their events."""

    model = EventSession
    name = "seances"
    icon = "date"
    menu_label = "Séances"
    menu_order = 345
    add_to_admin_menu = True
    add_to_reference_index = False
    list_per_page = 50
    search_fields = ["event__title", "title"]
    search_backend_name = None
    index_view_class = SessionIndexView
    filterset_class = SessionFilterSet
    form_fields: list[str] = []

    @property
    def list_display(self):
        return [
            TitleColumn("event", label="Événement", url_name=self.get_url_name("edit")),
            Column("when", label="Quand", accessor=lambda row: when(row.starts_at, row.ends_at, row.event.time_zone)),
            Column("status", label="État", accessor=lambda row: row.get_status_display()),
            Column("onsite", label="Sur place", accessor=lambda row: seats_label(row, Presence.ONSITE)),
            Column("remote", label="À distance", accessor=lambda row: seats_label(row, Presence.REMOTE)),
            Column("waiting", label="En attente"),
            TitleColumn("registered", label="Inscrits", get_url=lambda row: registrants_url(session=row.pk)),
        ]

    def register_admin_url_finder(self):
        """Sessions are found from their events."""

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("nouvelle/", ChooseEventView.as_view(), name="add"),
            path("nouvelle/<int:event>/", AddView.as_view(), name="event"),
            path("<int:pk>/", EditView.as_view(), name="edit"),
            path("<int:pk>/message/", GroupMessageView.as_view(), name="message"),
            path("<int:pk>/emargement/", AttendanceView.as_view(), name="attendance"),
            path("<int:pk>/absents/", AbsentsView.as_view(), name="absents"),
            path("<int:pk>/serie/", SeriesView.as_view(), name="series"),
            path("<int:pk>/<slug:verb>/", VerbView.as_view(), name="verb"),
        ]
