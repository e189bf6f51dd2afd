"""Registering, and managing one's registration by the link of a mail. GET never acts: mail scanners open links."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from agenda.calendar_files import calendar_response
from agenda.events.kinds import RegistrationWay
from agenda.models import EventPage, EventSession, Registration
from agenda.registrations import services
from agenda.registrations.forms import PersonForm, RegistrationForm, VerbForm, initial_of
from agenda.registrations.mails import CALENDAR_FILE, CONFIRM, MANAGE, calendar_entry, link_end
from agenda.registrations.sheet import ParticipantsSheet, RegistrationSheet, SessionSheet
from agenda.registrations.transfer_services import take_back
from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.mailing.views import SignedLinkView

VERBS = {
    "annuler": services.cancel_registration,
    "accepter": services.accept_offer,
    "revenir": services.wait_again,
    "reprendre": take_back,
    "sortir": services.leave_list,
    "figurer": services.join_list,
}
UNKNOWN_VERB = "Ce bouton n’existe pas : rien n’a changé."
TO_CORRECT = "Corrigez les réponses signalées : rien n’est encore enregistré."
EXPIRED = "Ce lien servait jusqu’à la fin de la séance. Votre adresse suffit pour en recevoir un autre."


def event_breadcrumb(event: EventPage) -> list[dict[str, str]]:
    """The agenda, when it is published, and the event."""
    index = event.get_parent()
    parents = [{"title": index.title, "url": index.get_url()}] if index.live else []
    return [*parents, {"title": event.title, "url": event.get_url()}]


class RegisterView(GuardedFormView):
    """The form that registers for a session of a published event."""

    form_class = RegistrationForm
    template_name = "agenda/registration/register.html"
    limits = (
        RateLimit("registration-address", limit=120, period=3600),  # a whole administration may share one
        RateLimit("registration-sender", limit=10, period=3600),
    )

    @cached_property
    def session(self) -> EventSession:
        public = BasePage.objects.live_public().values("pk")
        found = EventSession.objects.filter(uuid=self.kwargs["session"], event__in=public)
        session = found.select_related("event__commune").first()
        if session is None or session.event.registration_way != RegistrationWay.INTERNAL:
            raise Http404
        return session

    def setup(self, request, *args, **kwargs):
        """A session where nobody registers here is not found, whatever the method."""
        super().setup(request, *args, **kwargs)
        self.session  # noqa: B018

    def build_form(self, *args, **kwargs) -> RegistrationForm:
        return self.form_class(*args, session=self.session, **kwargs)

    def page_context(self, form):
        title = f"Inscription : {self.session.event.title}"
        return {
            "sheet": SessionSheet(self.session),
            "is_open": self.session.takes_registrations(timezone.now()),
            "title": title,
            "noindex": True,
            "breadcrumb": [*event_breadcrumb(self.session.event), {"title": "Inscription"}],
        }

    def accept(self, data):
        form = self.build_form(self.request.POST)
        form.is_valid()
        try:
            services.register(
                session=self.session,
                presence=form.presence_asked(),
                person=form.person(data["email"]),
                identity=data["identity"],
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, 409)
        return redirect("registration_sent", session=self.session.uuid)


@require_safe
def registration_sent(request: HttpRequest, session) -> HttpResponse:
    """What follows the form; the same whether the address was registered already or not."""
    found = EventSession.objects.filter(uuid=session, event__in=BasePage.objects.live_public().values("pk"))
    row = found.select_related("event").first()
    if row is None:
        raise Http404
    context = {
        "sheet": SessionSheet(row),
        "days": CONFIRM.lifetime.days,
        "title": "Confirmez votre adresse",
        "noindex": True,
        "breadcrumb": [*event_breadcrumb(row.event), {"title": "Confirmez votre adresse"}],
    }
    return render(request, "agenda/registration/sent.html", context)


def registration_of(payload: str) -> Registration:
    """The registration of a link. Raise DoesNotExist, or ValidationError on a payload that is no identifier."""
    return Registration.objects.select_related("session__event__commune", "commune").get(uuid=payload, erased_at=None)


class ConfirmView(SignedLinkView):
    """The address is proved: the button takes a seat, or a place in the queue."""

    link = CONFIRM
    title = "Confirmer votre inscription"
    button = "Confirmer mon inscription"

    def get_object(self, payload):
        return registration_of(payload)

    def describe(self, target):
        sheet = SessionSheet(target.session)
        return f"{target.session.event.title} – {sheet.when}."

    def perform(self, target):
        done = services.confirm(registration=target)
        return redirect("registration", token=MANAGE.token(done.uuid, expires_at=link_end(done, CONFIRM.lifetime)))


class ManageView(SignedLinkView):
    """Base of the pages behind the link that manages a registration."""

    link = MANAGE
    expired_message = EXPIRED
    remedy_url = reverse_lazy("my_registrations")
    remedy_label = "Retrouver mes inscriptions"

    def sheet(self, payload: str) -> RegistrationSheet:
        """The registration of the link, as it is now. Raise as :func:`registration_of` does."""
        return RegistrationSheet(registration_of(payload), self.kwargs["token"], timezone.now())

    def posted(self):
        """What was posted; None when the page is only opened."""
        return self.request.POST if self.request.method == "POST" else None


class RegistrationView(ManageView):
    """What a registration is, and what its person may do with it, one button each."""

    title = "Votre inscription"
    confirm_template = "agenda/registration/manage.html"

    def get_object(self, payload):
        return self.sheet(payload)

    def perform(self, target):
        form = VerbForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(UNKNOWN_VERB)
        VERBS[form.cleaned_data["verb"]](registration=target.registration)
        return redirect("registration", token=self.kwargs["token"])


class ChangeView(ManageView):
    """The form that changes what a person said."""

    title = "Modifier votre inscription"
    confirm_template = "agenda/registration/change.html"

    def get_object(self, payload):
        sheet = self.sheet(payload)
        if not sheet.can_change:
            raise Registration.DoesNotExist
        row = sheet.registration
        sheet.form = PersonForm(self.posted(), session=row.session, initial=initial_of(row))
        return sheet

    def perform(self, target):
        form, row = target.form, target.registration
        if not form.is_valid():
            raise ValidationError(TO_CORRECT)
        services.change_registration(registration=row, presence=form.presence_asked(), person=form.person(row.email))
        return redirect(reverse("registration", args=[self.kwargs["token"]]))


class CalendarView(ManageView):
    """The session as a file for the calendar of who is coming, the link of the video call inside."""

    title = "Ajouter à mon agenda"
    http_method_names = ["get", "head", "options"]

    def get_object(self, payload):
        sheet = self.sheet(payload)
        if not sheet.is_coming:
            raise Registration.DoesNotExist
        return sheet.registration

    def _confirm(self, request, target, errors=None):
        return calendar_response(calendar_entry(target), CALENDAR_FILE)


class ParticipantsView(ManageView):
    """The participants who agree to be shown, for those who are coming, until some months after."""

    title = "Liste des participants"
    confirm_template = "agenda/registration/participants.html"
    http_method_names = ["get", "head", "options"]

    def get_object(self, payload):
        sheet = self.sheet(payload)
        if not sheet.sees_list:
            raise Registration.DoesNotExist
        return ParticipantsSheet(sheet.registration, sheet.token)
