"""Giving one's place, and taking a place that is given, each by the link of a mail. GET never acts."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from agenda.models import Registration, RegistrationTransfer
from agenda.registrations import transfer_services as services
from agenda.registrations.forms import PersonForm, ProposalForm, TransferForm
from agenda.registrations.mails import MANAGE, link_end
from agenda.registrations.sheet import TransferSheet
from agenda.registrations.transfer_mails import TRANSFER
from agenda.registrations.views import TO_CORRECT, UNKNOWN_VERB, ManageView
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.mailing.views import SignedLinkView

PROPOSALS = RateLimit("registration-transfer", limit=5, period=24 * 3600)  # for each registration
TOO_MANY = "Trop de propositions ont été envoyées : la vôtre n’est pas partie. Réessayez dans {wait}."


class GiveView(ManageView):
    """The form that proposes a place to somebody else; it says the same whoever they are."""

    title = "Transmettre votre place"
    confirm_template = "agenda/registration/give.html"

    def get_object(self, payload):
        sheet = self.sheet(payload)
        if not sheet.can_give:
            raise Registration.DoesNotExist
        sheet.form = TransferForm(self.posted())
        return sheet

    def perform(self, target):
        if not target.form.is_valid():
            raise ValidationError(TO_CORRECT)
        if wait := PROPOSALS.hit(str(target.registration.uuid)):
            raise ValidationError(TOO_MANY.format(wait=minutes(wait)))
        services.propose(registration=target.registration, email=target.form.cleaned_data["email"])
        return redirect(reverse("registration", args=[self.kwargs["token"]]))


class TransferView(SignedLinkView):
    """A place that somebody proposes: its recipient says who they are and accepts, or declines."""

    link = TRANSFER
    title = "Une place vous est proposée"
    confirm_template = "agenda/registration/transfer.html"
    expired_message = (
        "Une place se propose sept jours au plus, jusqu’au début de la séance : ce délai est passé, elle est restée à "
        "la personne qui vous la proposait."
    )
    done_title = "Place déclinée"
    done_message = "La personne qui vous la proposait la garde, et un courriel le lui dit."

    def get_object(self, payload):
        rows = RegistrationTransfer.objects.select_related("registration__session__event__commune")
        transfer = rows.get(uuid=payload, registration__erased_at=None)
        sheet = TransferSheet(transfer, timezone.now())
        sheet.form = self.person_form(sheet)
        return sheet

    def person_form(self, sheet: TransferSheet) -> PersonForm:
        """The form of a person, filled in when it is sent; declining asks nothing."""
        data = self.request.POST if self.verb == "accepter" else None
        return PersonForm(data, session=sheet.session, has_presence=False)

    @property
    def verb(self) -> str:
        """What the button that was used does; empty when none was."""
        form = ProposalForm(self.request.POST)
        return form.cleaned_data["verb"] if form.is_valid() else ""

    def perform(self, target):
        if not self.verb:
            raise ValidationError(UNKNOWN_VERB)
        if self.verb == "decliner":
            services.decline(transfer=target.transfer)
            return None
        if not target.form.is_valid():
            raise ValidationError(TO_CORRECT)
        person = target.form.person(target.transfer.email)
        taken = services.accept_transfer(transfer=target.transfer, person=person)
        return redirect("registration", token=MANAGE.token(taken.uuid, expires_at=link_end(taken)))
