"""The certificate of somebody who was present, and the page where anybody checks a code."""

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.events.sheet import EventSheet
from agenda.models import Registration
from agenda.registrations.certificates import ALPHABET, CERTIFICATE, CODE_LENGTH, certified, is_certified, printed
from agenda.registrations.sheet import SessionSheet
from agenda.registrations.views import registration_of
from agenda.sessions.times import NBSP
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.rate_limits import RateLimit, client_address
from territoires_en_commun.mailing.views import SignedLinkView

PER_ADDRESS = RateLimit("certificate-address", limit=60, period=3600)  # an administration often shares one
TOO_MANY = "Trop de codes ont été essayés depuis votre réseau : réessayez dans {}."
BAD_CODE = f"Un code a {CODE_LENGTH} lettres et chiffres, comme K7M3P-9QXRT : vérifiez que rien ne manque."


class Certificate(SessionSheet):
    """What a certificate says."""

    def __init__(self, registration: Registration):
        super().__init__(registration.session)
        self.registration = registration

    @property
    def code(self) -> str:
        """The code, as it is printed."""
        return printed(self.registration.certificate)

    @property
    def duration(self) -> str:
        """« 2 h 30 »; empty over several days, whose hours are not known."""
        if self.session.local_start.date() != self.session.local_end.date():
            return ""
        total = (self.session.ends_at - self.session.starts_at).total_seconds()
        hours, rest = divmod(int(total) // 60, 60)
        return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")

    @property
    def organisers(self) -> str:
        """Who organises, with commas."""
        return ", ".join(link.label for link in EventSheet(self.event, timezone.now()).organisers)

    @property
    def check_url(self) -> str:
        """Where the code is checked."""
        return settings.SITE_URL + reverse("certificate_check")


class CertificateView(SignedLinkView):
    """The certificate, to print; nothing is posted to it."""

    link = CERTIFICATE
    title = "Attestation de participation"
    confirm_template = "agenda/registration/certificate.html"
    http_method_names = ["get", "head", "options"]

    def get_object(self, payload):
        registration = registration_of(payload)
        if not is_certified(registration, timezone.now()):
            raise Registration.DoesNotExist
        return Certificate(registration)


class CodeForm(forms.Form):
    """A code that somebody copies from a certificate, in any case, with spaces or dashes or not."""

    code = forms.CharField(
        label="Code de l’attestation",
        help_text="Il est au bas de l’attestation, comme K7M3P-9QXRT.",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Indiquez le code de l’attestation.", "max_length": BAD_CODE},
    )

    def clean_code(self) -> str:
        code = "".join(character for character in self.cleaned_data["code"].upper() if character.isalnum())
        if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
            raise forms.ValidationError(BAD_CODE)
        return code


@never_cache
@require_safe
def check_certificate(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is genuine: who was where, and when; an unknown code says nothing else."""
    is_asked = CodeForm.base_fields.keys() & request.GET.keys()
    form = CodeForm(request.GET if is_asked else None)
    certificate, wait, is_checked = None, 0, False
    if form.is_valid():
        wait = PER_ADDRESS.hit(client_address(request))
        is_checked = not wait
        found = certified(form.cleaned_data["code"], timezone.now()) if is_checked else None
        certificate = found and Certificate(found)
    context = {
        "form": form,
        "refusal": TOO_MANY.format(minutes(wait)) if wait else "",
        "is_checked": is_checked,
        "certificate": certificate,
        "title": "Vérifier une attestation" if not is_checked else "Résultat de la vérification",
        "noindex": True,
        "breadcrumb": [{"title": "Vérifier une attestation"}],
    }
    response = render(request, "agenda/registration/certificate_check.html", context)
    response["X-Robots-Tag"] = "noindex"
    if wait:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(wait)
    return response
