"""The form that proposes an experience, as people without account meet it."""

from http import HTTPStatus
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from ressources import submission_services as services
from ressources.experience_sheet import ExperienceSheet
from ressources.experience_views import index_breadcrumb
from ressources.models import ExperienceSubmission
from ressources.submission_answers import BACK, LATER, StepForm
from ressources.submission_forms import FindForm, SendForm, StartForm
from ressources.submission_mails import DELETION, RESUME, link_payload, linked_submission
from ressources.submission_page import page_of
from ressources.submission_sheet import ScreenSheet, SubmissionSheet, shown_lacks, shown_parts
from ressources.submission_steps import AUTHOR, SEND, STEPS, Step, kept_initial, next_slug, previous_slug
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.guarded_forms import GuardedFormView, csrf_refusal
from territoires_en_commun.base.rate_limits import RateLimit, client_address
from territoires_en_commun.mailing.links import LinkResult
from territoires_en_commun.mailing.views import SignedLinkView

SHARE = "Partager une expérience"
PER_ADDRESS = RateLimit("submission-address", limit=30, period=3600)
PER_SENDER = RateLimit("submission-sender", limit=5, period=3600)
ERASED = "Vos nom, fonction, adresse et réponses sont effacés"
PAGE_STAYS = "La page publiée sous Licence Ouverte reste en ligne ; pour la faire retirer, écrivez à l’équipe."
DRAFT_STAYS = (
    "Le récit que l’équipe a accepté lui reste, sans votre nom : elle peut le publier sous Licence Ouverte. Pour "
    "qu’elle y renonce, écrivez-lui."
)
NO_COOKIE = (
    "Votre navigateur n’a pas renvoyé le cookie qui protège ce formulaire : rien n’est enregistré. Votre texte est "
    "gardé : acceptez ce cookie, strictement nécessaire, puis continuez."
)
TOO_MANY_LINKS = "Trop de liens ont été demandés : rien n’est enregistré. Réessayez dans {minutes}."


def breadcrumb(title: str) -> list[dict[str, str]]:
    """The list of experiences, the form, then a page of it."""
    return [*index_breadcrumb(), {"title": SHARE, "url": reverse("submission_start")}, {"title": title}]


def new_token(submission: ExperienceSubmission) -> str:
    """What leads the author on, under the address that they gave last."""
    return RESUME.token(link_payload(submission, submission.email))


class StartView(GuardedFormView):
    """The first step, before anything is kept."""

    form_class = StartForm
    template_name = AUTHOR.template
    limits = (PER_ADDRESS, PER_SENDER)

    def page_context(self, form):
        screen = ScreenSheet(AUTHOR.slug)
        return {
            "screen": screen,
            "title": f"{screen.name} – {SHARE}",
            "breadcrumb": [*index_breadcrumb(), {"title": SHARE}],
        }

    def accept(self, data):
        submission = services.start_submission(answers=data["answers"], email=data["email"], identity=data["identity"])
        return redirect("submission_step", token=new_token(submission), step=next_slug(AUTHOR.slug))


class FindView(GuardedFormView):
    """Asking anew for the links of one's submissions: the same answer whether there is one or not."""

    form_class = FindForm
    template_name = "ressources/submission/find.html"
    limits = (PER_ADDRESS, PER_SENDER)

    def page_context(self, form):
        title = "Retrouver une expérience commencée"
        return {"title": title, "breadcrumb": breadcrumb(title), "noindex": True}

    def accept(self, data):
        services.send_links(email=data["email"], identity=data["identity"])
        return redirect("submission_links_sent")


@require_safe
def links_sent(request: HttpRequest) -> HttpResponse:
    """What follows the request of links; reached by redirection, so that reloading asks nothing again."""
    title = "Demande de lien reçue"
    return render(
        request,
        "ressources/submission/links_sent.html",
        {"title": title, "breadcrumb": breadcrumb(title), "noindex": True},
    )


class SubmissionView(SignedLinkView):
    """Where a submission is: its steps while it is a draft, then what became of it; POST reopens one returned."""

    link = RESUME
    title = "Votre retour d’expérience"
    confirm_template = "ressources/submission/overview.html"
    remedy_url = reverse_lazy("submission_find")
    remedy_label = "Recevoir un nouveau lien"

    def get_object(self, payload: str) -> SubmissionSheet:
        return SubmissionSheet(linked_submission(payload), self.kwargs["token"])

    def perform(self, target: SubmissionSheet) -> HttpResponse:
        try:
            submission = services.reopen_submission(submission=target.submission)
        except ExperienceSubmission.DoesNotExist as error:  # deleted from another page, meanwhile
            raise ValidationError("Vos réponses viennent d’être supprimées.") from error
        return redirect("submission_step", token=self.kwargs["token"], step=submission.step)


class Deletion(NamedTuple):
    """What the author erases, and the mark of the address that received the link."""

    submission: ExperienceSubmission
    mark: str


class DeletionView(SignedLinkView):
    """The author erases what they gave."""

    link = DELETION
    title = "Supprimer votre retour d’expérience"
    button = "Supprimer définitivement"
    done_title = "Vos données sont supprimées"
    done_message = "Vos réponses et votre adresse sont effacées de la plateforme."
    remedy_url = reverse_lazy("submission_find")
    remedy_label = "Recevoir un nouveau lien"

    def get_object(self, payload: str) -> Deletion:
        return Deletion(linked_submission(payload), payload.partition(":")[2])

    def describe(self, target: Deletion) -> str:
        page = target.submission.page
        if page is None:
            return f"{ERASED}. Rien n’est gardé, et rien ne peut être récupéré."
        stays = PAGE_STAYS if page.live else DRAFT_STAYS
        return f"{ERASED}, et les lecteurs ne peuvent plus vous écrire. {stays}"

    def perform(self, target: Deletion) -> None:
        services.delete_submission(submission=target.submission, mark=target.mark)


@method_decorator([never_cache, csrf_exempt], name="dispatch")  # CSRF is checked where what was typed is kept
class DraftView(View):
    """Base of the screens of a draft, found by its link; a link that leads to none is explained by SubmissionView."""

    http_method_names = ["get", "head", "post"]
    submission: ExperienceSubmission

    @method_decorator(sensitive_variables("token"))
    def dispatch(self, request, *args, token, **kwargs):
        found = submission_of(RESUME.verify(token))
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
