"""« Pointage »: who is there. One button each, on a telephone as on a table, without script."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from agenda.models import EventSession, Registration
from agenda.registrations import services
from agenda.registrations.check_in import Door, Guest, door_sessions, session_name, tally
from agenda.sessions.policy import duties, may_check_in, organises
from agenda.sessions.times import when

INDEX, SESSION = "pointage:index", "pointage:session"
NOT_HERE = "Cette inscription n’est pas de cette séance : rien n’a changé."


class SearchForm(forms.Form):
    """A name, or what a reader of codes typed."""

    q = forms.CharField(
        label="Chercher un nom, ou lire un code",
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )


class GuestForm(forms.Form):
    """Somebody to check in, or whose check-in was a mistake: one of the two buttons of a row."""

    pointer = forms.ModelChoiceField(queryset=Registration.objects.none(), required=False)
    annuler = forms.ModelChoiceField(queryset=Registration.objects.none(), required=False)

    def __init__(self, *args, session: EventSession, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset = session.registrations.filter(erased_at=None)

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("pointer") or cleaned.get("annuler")):
            raise forms.ValidationError(NOT_HERE)
        return cleaned


class DoorIndexView(WagtailAdminTemplateMixin, TemplateView):
    """The sessions whose door one keeps, the next first."""

    template_name = "agenda/admin/door_sessions.html"
    page_title = "Pointage"
    header_icon = "check"

    def dispatch(self, request, *args, **kwargs):
        if not duties(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        rows = [
            {
                "session": row,
                "when": when(row.starts_at, row.ends_at, row.event.time_zone),
                "tally": tally(row.present, row.expected),
            }
            for row in door_sessions(self.request.user, timezone.now())
        ]
        return super().get_context_data(rows=rows, **kwargs)


class DoorView(WagtailAdminTemplateMixin, TemplateView):
    """The door of one session: who is expected, who is there."""

    template_name = "agenda/admin/door.html"
    page_title = "Pointage"
    header_icon = "check"

    @cached_property
    def session(self) -> EventSession:
        rows = EventSession.objects.select_related("event")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        if not may_check_in(request.user, self.session.event):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.session.event.title}
        return [*super().get_breadcrumbs_items(), {"url": reverse(INDEX), "label": "Pointage"}, here]

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        query = form.cleaned_data["q"] if form.is_valid() else ""
        return super().get_context_data(
            form=form,
            door=Door(self.session, self.request.user, query, timezone.now()),
            session=self.session,
            session_name=session_name(self.session),
            is_organiser=organises(self.request.user, self.session.event),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = GuestForm(request.POST, session=self.session)
        if not form.is_valid():
            messages.error(request, NOT_HERE)
            return redirect(SESSION, self.session.pk)
        if mistaken := form.cleaned_data["annuler"]:
            self.undo(mistaken)
        else:
            self.check_in(form.cleaned_data["pointer"])
        return redirect(SESSION, self.session.pk)

    def check_in(self, registration: Registration) -> None:
        """Somebody is there; whoever is not expected is not checked in, and why is said."""
        registration.session = self.session
        try:
            guest, sentence = Guest(registration, timezone.now()).check_in(self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, f"{guest.name} : {sentence.lower()}.")

    def undo(self, registration: Registration) -> None:
        """The wrong name was ticked: organisers alone correct it."""
        if not organises(self.request.user, self.session.event):
            raise PermissionDenied
        services.undo_check_in(registration=registration, by=self.request.user)
        messages.success(self.request, f"{registration.full_name} : le pointage est annulé.")


class DoorMenuItem(MenuItem):
    """Shown to whoever checks people in somewhere."""

    def is_shown(self, request):
        return bool(duties(request.user))


class CheckInViewSet(ViewSet):
    """The door of the sessions."""

    name = "pointage"
    icon = "check"
    menu_label = "Pointage"
    menu_order = 347
    add_to_admin_menu = True
    menu_item_class = DoorMenuItem

    def get_urlpatterns(self):
        return [
            path("", DoorIndexView.as_view(), name="index"),
            path("<int:pk>/", DoorView.as_view(), name="session"),
        ]
