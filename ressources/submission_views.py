"""The form that proposes an experience, as people without account meet it."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from ressources import submission_services as services
from ressources.experience_views import index_breadcrumb
from ressources.models import ExperienceSubmission
from ressources.submission_forms import FindForm, StartForm
from ressources.submission_mails import DELETION, RESUME, link_payload, linked_submission
from ressources.submission_sheet import ScreenSheet, SubmissionSheet
from ressources.submission_steps import AUTHOR, next_slug
from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.rate_limits import RateLimit
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
