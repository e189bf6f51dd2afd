"""The page behind a signed link: GET shows what will be done, POST does it."""

from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from territoires_en_commun.mailing.links import LinkResult, LinkState, SignedLink

GONE = "Ce que ce lien permettait de gérer n’existe plus. Il n’y a rien d’autre à faire."
STATUS = {LinkState.EXPIRED: 410, LinkState.USED: 410, LinkState.INVALID: 404}
PROBLEM_TITLES = {
    LinkState.EXPIRED: "Ce lien a expiré",
    LinkState.USED: "Ce lien a déjà été utilisé",
    LinkState.INVALID: "Ce lien n’est pas valable",
}


@method_decorator(never_cache, name="dispatch")
class SignedLinkView(View):
    """Base of the views reached from a mail, on a route with a `token` argument.

    A subclass sets `link` and the words of the page (`expired_message` explains a late link), and writes `get_object`
    (raises ObjectDoesNotExist when the thing is gone) and `perform` (acts; runs in the transaction that consumes the
    link; raises ValidationError to refuse, which leaves the link usable). GET and HEAD never act: mail scanners follow
    links (GDPR-5).
    """

    link: SignedLink | None = None
    title: str = ""
    explanation: str = ""
    button: str = "Confirmer"
    done_title: str = "C’est fait"
    done_message: str = ""
    expired_message: str = ""
    remedy_url: str = "/"
    remedy_label: str = "Revenir à l’accueil"
    confirm_template = "mailing/link_confirm.html"
    problem_template = "mailing/link_problem.html"
    done_template = "mailing/link_done.html"
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "options"]

    def get_object(self, payload: str) -> Any:
        """What the link is about."""
        raise NotImplementedError

    def perform(self, target: Any) -> HttpResponse | None:
        """Do what the link is for; the default page of success follows unless a response is returned."""
        raise NotImplementedError

    def describe(self, target: Any) -> str:
        """One or two sentences that say what the button will do."""
        return self.explanation

    def remedy(self, result: LinkResult) -> tuple[str, str]:
        """Address and label of the way out offered when the link can't be used (ask for a new one…)."""
        return self.remedy_url, self.remedy_label

    @method_decorator(sensitive_variables("token"))
    def get(self, request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        result = self.link.verify(token)
        if not result.is_valid:
            return self._problem(request, result)
        try:
            target = self.get_object(result.payload)
        except (ObjectDoesNotExist, ValidationError, ValueError):
            return self._gone(request, result)
        return self._confirm(request, target)

    @method_decorator(sensitive_variables("token"))
    def post(self, request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        target = None
        try:
            with transaction.atomic():
                result = self.link.consume(token)
                if not result.is_valid:
                    return self._problem(request, result)
                try:
                    target = self.get_object(result.payload)
                except (ObjectDoesNotExist, ValidationError, ValueError):
                    return self._gone(request, result)
                response = self.perform(target)
        except ValidationError as error:
            return self._confirm(request, target, errors=error.messages)
        if response is not None:
            return response
        context = {"title": self.done_title, "message": self.done_message, "target": target}
        return self._page(request, self.done_template, context, 200)

    def _confirm(self, request, target, errors: list[str] | None = None) -> HttpResponse:
        context = {
            "title": self.title,
            "explanation": self.describe(target),
            "button": self.button,
            "target": target,
            "errors": errors or [],
        }
        return self._page(request, self.confirm_template, context, 409 if errors else 200)

    def _problem(self, request, result: LinkResult) -> HttpResponse:
        url, label = self.remedy(result)
        is_expired = result.state is LinkState.EXPIRED
        context = {
            "title": PROBLEM_TITLES[result.state],
            "about": self.title,
            "message": (is_expired and self.expired_message) or result.message,
            "remedy_url": url,
            "remedy_label": label,
        }
        return self._page(request, self.problem_template, context, STATUS[result.state])

    def _gone(self, request, result: LinkResult) -> HttpResponse:
        url, label = self.remedy(result)
        context = {
            "title": "Ce lien ne mène plus à rien",
            "about": self.title,
            "message": GONE,
            "remedy_url": url,
            "remedy_label": label,
        }
        return self._page(request, self.problem_template, context, 410)

    def _page(self, request, template: str, context: dict, status: int) -> HttpResponse:
        context |= {"noindex": True, "breadcrumb": [{"title": context["title"]}]}
        response = render(request, template, context, status=status)
        response["Referrer-Policy"] = "same-origin"  # no-referrer would send Origin: null and fail the CSRF check
        response["X-Robots-Tag"] = "noindex"
        return response
