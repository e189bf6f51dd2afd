"""Public forms that post: they ask nothing of people to keep robots out, and never lose what was typed.

A room writes a form and a view::

    class ReportForm(GuardedForm):
        salt = "base.report"
        message = forms.CharField(…)

    class ReportView(GuardedFormView):
        form_class, template_name = ReportForm, "base/report.html"
        limits = (RateLimit("report-address", limit=30, period=3600), None)

        def accept(self, data): …; return redirect("report_sent")
"""

import secrets
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .formats import minutes
from .rate_limits import RateLimit, client_address

MIN_SECONDS = 3  # nobody writes a message faster
MAX_SECONDS = 24 * 3600


class GuardedForm(forms.Form):
    """Refuses robots: a field that people do not see, a minimum time, and one identity for each opening of the form.

    ``cleaned_data["identity"]`` is that identity: what is keyed by it happens once, however often it is sent.
    """

    salt: ClassVar[str] = ""
    what: ClassVar[str] = "le message"  # masculine: « le message n’est pas parti »

    website = forms.CharField(
        label="Ne remplissez pas ce champ",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def new_token(cls) -> str:
        """A signed, dated, single identity for one opening of the form."""
        return signing.dumps(secrets.token_hex(16), salt=cls.salt)

    @classmethod
    def token_identity(cls, token: str, max_age: int | None = None) -> str:
        """The identity in a token. Raise signing.BadSignature, or SignatureExpired past ``max_age`` seconds."""
        return signing.loads(token, salt=cls.salt, max_age=max_age)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            raise ValidationError(
                "Le champ caché « Ne remplissez pas ce champ » est rempli, sans doute par votre navigateur : "
                f"{self.what} n’est pas parti. Vérifiez vos réponses et envoyez-le de nouveau."
            )
        cleaned["identity"] = self.check_token(cleaned.get("token") or "")
        return cleaned

    def check_token(self, token: str) -> str:
        """The identity of this opening of the form; ValidationError when too fast, too old or forged."""
        try:
            identity = self.token_identity(token, max_age=MAX_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError(
                f"Le formulaire est resté ouvert trop longtemps : {self.what} n’est pas parti. Votre texte est gardé, "
                "envoyez-le de nouveau."
            ) from error
        try:
            self.token_identity(token, max_age=MIN_SECONDS)
        except signing.SignatureExpired:
            return identity
        raise ValidationError(
            f"{self.what[:1].upper()}{self.what[1:]} a été envoyé plus vite qu’une personne ne peut l’écrire : il "
            "n’est pas parti. Votre texte est gardé, attendez quelques secondes et envoyez-le de nouveau."
        )

    def usable_token(self) -> str:
        """The token to print again after a refusal: the same while it is valid, else a new one."""
        token = self.data.get(self.add_prefix("token"), "") if self.is_bound else ""
        try:
            self.token_identity(token, max_age=MAX_SECONDS)
        except signing.BadSignature:
            return self.new_token()
        return token


@method_decorator([never_cache, csrf_exempt], name="dispatch")  # checked here, where what was typed is kept
class GuardedFormView(View):
    """Shows a guarded form, then hands what was typed to ``accept`` once; a refusal shows the form as it was filled.

    ``limits``: per network address (wide: an administration often shares one) and per sender (narrow; needs a field
    ``email``).
    """

    form_class: type[GuardedForm]
    template_name: str
    limits: ClassVar[tuple[RateLimit, RateLimit | None]]
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]

    def initial(self) -> dict[str, Any]:
        """What the form shows when it is opened."""
        return {}

    def build_form(self, *args, **kwargs) -> GuardedForm:
        """The form; a view whose form depends on what it is about gives it that."""
        return self.form_class(*args, **kwargs)

    def page_context(self, form: GuardedForm) -> dict[str, Any]:
        """What the template needs besides ``form`` and ``token``."""
        return {}

    def accept(self, data: dict[str, Any]) -> HttpResponse:
        """Do what was asked; answer by a redirection."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self.show(self.build_form(initial=self.initial() | {"token": self.form_class.new_token()}))

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = self.build_form(request.POST)
        what = form.what
        if csrf_refusal(request):
            form.add_error(
                None,
                f"Votre navigateur n’a pas renvoyé le cookie qui protège ce formulaire : {what} n’est pas parti. "
                "Votre texte est gardé : acceptez ce cookie, strictement nécessaire, puis envoyez-le de nouveau.",
            )
            return self.show(form, HTTPStatus.FORBIDDEN)
        if not form.is_valid():
            return self.show(form, HTTPStatus.BAD_REQUEST)
        if wait := self.wait(form.cleaned_data):
            form.add_error(
                None,
                f"Trop de messages ont été envoyés : le vôtre n’est pas parti. Réessayez dans {minutes(wait)}.",
            )
            response = self.show(form, HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = str(wait)
            return response
        return self.accept(form.cleaned_data)

    def wait(self, data: dict[str, Any]) -> int:
        """Seconds to wait before the next message; 0 when this one may go."""
        per_address, per_sender = self.limits
        wait = per_address.hit(client_address(self.request))
        return wait or (per_sender.hit(data["email"]) if per_sender and data.get("email") else 0)

    def show(self, form: GuardedForm, status: int = HTTPStatus.OK) -> HttpResponse:
        """The page of the form."""
        context = {"form": form, "token": form.usable_token(), **self.page_context(form)}
        return render(self.request, self.template_name, context, status=status)


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, which answers why it refuses instead of a page that would lose what was typed."""

    def _reject(self, request, reason):
        return reason


def csrf_refusal(request: HttpRequest) -> str | None:
    """Why a post does not prove that it comes from our form, or None."""
    check = CsrfCheck(lambda request: None)
    check.process_request(request)
    return check.process_view(request, None, (), {})
