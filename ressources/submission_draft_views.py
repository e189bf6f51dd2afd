"""The screens where a draft is written, step by step, then sent."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from ressources import submission_services as services
from ressources.experience_sheet import ExperienceSheet
from ressources.models import ExperienceSubmission
from ressources.submission_answers import BACK, LATER, StepForm
from ressources.submission_forms import SendForm
from ressources.submission_mails import RESUME, linked_submission
from ressources.submission_page import page_of
from ressources.submission_sheet import ScreenSheet, shown_lacks, shown_parts
from ressources.submission_steps import AUTHOR, SEND, STEPS, Step, kept_initial, next_slug, previous_slug
from ressources.submission_views import PER_ADDRESS, PER_SENDER, SHARE, SubmissionView, breadcrumb, new_token
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.guarded_forms import GuardedFormView, csrf_refusal
from territoires_en_commun.base.rate_limits import client_address
from territoires_en_commun.mailing.links import LinkResult

NO_COOKIE = (
    "Votre navigateur n’a pas renvoyé le cookie qui protège ce formulaire : rien n’est enregistré. Votre texte est "
    "gardé : acceptez ce cookie, strictement nécessaire, puis continuez."
)
TOO_MANY_LINKS = "Trop de liens ont été demandés : rien n’est enregistré. Réessayez dans {minutes}."


@method_decorator([never_cache, csrf_exempt], name="dispatch")  # CSRF is checked where what was typed is kept
class DraftView(View):
    """Base of the screens of a draft, found by its link; a link that leads to none is explained by SubmissionView."""

    http_method_names = ["get", "head", "post"]
    submission: ExperienceSubmission

    @method_decorator(sensitive_variables("token"))
    def dispatch(self, request, *args, token, **kwargs):
        result = RESUME.verify(token)
        found = submission_of(result) or self.just_corrected(result)
        if found is None or not found.is_draft:
            return explain(request, token, found)
        self.submission = found
        try:
            response = super().dispatch(request, *args, token=token, **kwargs)
        except ExperienceSubmission.DoesNotExist:  # deleted from another page, meanwhile
            return explain(request, token, None)
        response["Referrer-Policy"] = "same-origin"  # the address is a secret; no-referrer would fail the CSRF check
        response["X-Robots-Tag"] = "noindex"
        return response

    def just_corrected(self, _result: LinkResult) -> ExperienceSubmission | None:
        """The draft that a form posted twice is about, when its first post made its own link void."""
        return None

    def step_redirect(self, slug: str) -> HttpResponse:
        """To another screen of the same draft."""
        if slug == SEND:
            return redirect("submission_send", token=self.kwargs["token"])
        return redirect("submission_step", token=self.kwargs["token"], step=slug)

    def overview_redirect(self) -> HttpResponse:
        """To what is said of the submission as a whole."""
        return redirect("submission", token=self.kwargs["token"])

    def screen(self, slug: str) -> dict[str, Any]:
        """What every screen needs."""
        screen = ScreenSheet(slug, self.submission, self.kwargs["token"])
        return {
            "screen": screen,
            "title": f"{screen.name} – {SHARE}",
            "breadcrumb": breadcrumb(screen.title),
            "noindex": True,
        }


def submission_of(result: LinkResult) -> ExperienceSubmission | None:
    """What a link leads to, when it is valid, not deleted, and its author's."""
    if not result.is_valid:
        return None
    try:
        return linked_submission(result.payload)
    except (ExperienceSubmission.DoesNotExist, ValidationError):
        return None


def explain(request: HttpRequest, token: str, found: ExperienceSubmission | None) -> HttpResponse:
    """Why a link leads to no draft: what became of the submission; else not valid, expired, deleted."""
    return redirect("submission", token=token) if found else SubmissionView.as_view()(request, token=token)


class StepView(DraftView):
    """A step: shown as it was left, kept whatever is typed, passed once it is right."""

    @cached_property
    def step(self) -> Step:
        found = next((step for step in STEPS if step.slug == self.kwargs["step"]), None)
        if found is None:
            raise Http404
        return found

    def just_corrected(self, result):
        if self.request.method != "POST" or self.step is not AUTHOR or not result.is_valid:
            return None
        form = self.step.form(self.request.POST)
        email = form.cleaned_data.get("email", "") if form.is_valid() else ""
        found = services.just_corrected(payload=result.payload, email=email)
        if found:
            self.kwargs["token"] = new_token(found)
        return found

    def get(self, request, **_kwargs) -> HttpResponse:
        return self.show(self.step.form(initial=kept_initial(self.submission, self.step)))

    def post(self, request, **_kwargs) -> HttpResponse:
        form = self.step.form(request.POST)
        if csrf_refusal(request):
            form.add_error(None, NO_COOKIE)
            return self.show(form, HTTPStatus.FORBIDDEN)
        is_valid, direction = form.is_valid(), form.pressed()
        if wait := self.wait(form):
            form.add_error("email", TOO_MANY_LINKS.format(minutes=minutes(wait)))
            response = self.show(form, HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = str(wait)
            return response
        target = self.target(direction, is_valid)
        email = self.new_address(form)
        try:
            saved = services.save_step(
                submission=self.submission,
                step=self.step.slug,
                answers=form.answers(),
                resume_at=target,
                email=email,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, HTTPStatus.BAD_REQUEST)
        if email:  # the link that led here was mailed to another address, and leads nowhere any more
            self.kwargs["token"] = new_token(saved)
        if direction == LATER:
            return self.overview_redirect()
        return self.step_redirect(target) if is_valid or direction else self.show(form, HTTPStatus.BAD_REQUEST)

    def target(self, direction: str, is_valid: bool) -> str:
        """The screen where the author goes on: going back asks nothing, going on asks for answers that are right."""
        slug = self.step.slug
        if direction == BACK:
            return previous_slug(slug) or slug
        return next_slug(slug) if is_valid else slug

    def new_address(self, form: StepForm) -> str:
        """The address, when the author corrected it: the link that resumes is sent there."""
        email = form.cleaned_data.get("email", "") if form.is_valid() else ""
        return "" if email == self.submission.email else email

    def wait(self, form: StepForm) -> int:
        """Seconds to wait before another address may receive a link."""
        email = self.new_address(form)
        return (PER_ADDRESS.hit(client_address(self.request)) or PER_SENDER.hit(email)) if email else 0

    def show(self, form: StepForm, status: int = HTTPStatus.OK) -> HttpResponse:
        """The page of the step."""
        context = self.screen(self.step.slug) | shown_parts(form) | {"form": form}
        return render(self.request, self.step.template, context, status=status)


class SendView(DraftView, GuardedFormView):
    """The experience as it will be read, what it lacks, and the consents that send it."""

    form_class = SendForm
    template_name = "ressources/submission/send.html"
    limits = (PER_ADDRESS, None)

    def page_context(self, form):
        sheet = ExperienceSheet(page_of(self.submission))
        return self.screen(SEND) | {"sheet": sheet, "lacks": shown_lacks(self.submission, self.kwargs["token"])}

    def accept(self, data):
        try:
            services.send_submission(submission=self.submission, relay=data["relay"])
        except ValidationError as error:
            form = self.form_class(self.request.POST)
            form.add_error(None, error)
            return self.show(form, HTTPStatus.CONFLICT)
        return self.overview_redirect()
