"""Examining a submission: reading it as it would be published, then accepting it or sending it back with reasons."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from ressources.models import ExperienceSubmission, ReturnReason, SubmissionState
from ressources.submission_page import holder_of, page_of, placed, wants_messages
from ressources.submission_services import accept_submission, return_submission
from ressources.submission_steps import kept_answers
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.mailing.composing import check_body

ACCEPT, COMPLETE, REFUSE = "accepter", "completer", "refuser"
NOT_DECIDED = "La décision n’est pas enregistrée : lisez pourquoi sous l’aperçu."
DELETED = "L’auteur a supprimé cette proposition."


class DecisionForm(forms.Form):
    """What a moderator decides; ``version`` is the sending that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)
    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[
            (ACCEPT, "Accepter : une page est créée en brouillon, à compléter puis à publier"),
            (COMPLETE, "Demander un complément : l’auteur corrige et renvoie"),
            (REFUSE, "Refuser : l’auteur en reçoit les raisons, et peut corriger et renvoyer"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision."},
    )
    reasons = forms.MultipleChoiceField(
        label="Raisons",
        help_text="Pour un complément ou un refus : l’auteur lit ces phrases.",
        choices=ReturnReason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label="Message à l’auteur",
        help_text="Pour un complément ou un refus : ce qu’il faut changer. 2 000 caractères au plus.",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def clean_message(self) -> str:
        return check_body(self.cleaned_data["message"], "Votre message")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") in {COMPLETE, REFUSE}:
            reasons = cleaned.get("reasons")
            if not reasons and "reasons" not in self.errors:
                self.add_error("reasons", "Cochez au moins une raison : l’auteur doit savoir quoi changer.")
            elif reasons == [ReturnReason.OTHER] and not cleaned.get("message"):
                self.add_error("message", "Expliquez la raison : l’auteur n’aurait rien pour comprendre.")
        return cleaned


class ExaminedMixin(PermissionCheckedMixin):
    """A submission that its author sent; drafts are theirs alone."""

    model = ExperienceSubmission
    permission_required = "change"

    @cached_property
    def submission(self) -> ExperienceSubmission:
        found = ExperienceSubmission.objects.filter(pk=self.kwargs["pk"]).exclude(state=SubmissionState.DRAFT)
        submission = found.select_related("decided_by", "page").first()
        if submission is None:
            raise Http404
        return submission


class ReviewView(ExaminedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """One submission, and the form that decides."""

    form_class = DecisionForm
    template_name = "ressources/admin/review.html"
    page_title = "Expérience proposée"
    header_icon = "mail"
    index_url_name = ""
    preview_url_name = ""

    def get_object(self, queryset=None):
        return self.submission

    def get_initial(self):
        return {"version": self.submission.sendings}

    def get_page_subtitle(self):
        return str(self.submission)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Expériences proposées"},
            {"url": "", "label": str(self.submission)},
        ]

    def form_valid(self, form):
        try:
            return self.decide(form.cleaned_data)
        except ExperienceSubmission.DoesNotExist:
            messages.error(self.request, DELETED)
            return redirect(self.index_url_name)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)

    def form_invalid(self, form):
        messages.error(self.request, NOT_DECIDED)
        return super().form_invalid(form)

    def decide(self, data):
        """Do what is decided; raise ValidationError when somebody decided meanwhile."""
        known = {"submission": self.submission, "user": self.request.user, "version": data["version"]}
        if data["decision"] == ACCEPT:
            page = accept_submission(**known)
            gaps = " ".join(gap.message for gap in publication_gaps(page))
            messages.success(
                self.request,
                f"« {page.title} » est créée en brouillon, et son auteur est prévenu. À compléter avant de publier : "
                f"{gaps}",
            )
            return redirect("wagtailadmin_pages:edit", page.pk)
        wants_completion = data["decision"] == COMPLETE
        return_submission(**known, wants_completion=wants_completion, reasons=data["reasons"], message=data["message"])
        done = "Le complément est demandé" if wants_completion else "Le refus est envoyé"
        messages.success(self.request, f"{done} à l’auteur, qui peut corriger et renvoyer.")
        return redirect(self.index_url_name)

    def get_context_data(self, **kwargs):
        submission = self.submission
        answers = kept_answers(submission)
        return super().get_context_data(
            submission=submission,
            answers=answers,
            wants_messages=wants_messages(submission),
            holder=holder_of(answers.get("organisation", ""), answers.get("place")),
            preview_url=reverse(self.preview_url_name, args=[submission.pk]),
            **kwargs,
        )


class PreviewView(ExaminedMixin, View):
    """The page that a submission would be, as visitors would see it."""

    def get(self, request, **_kwargs):
        if self.submission.erased_at:
            raise Http404
        return placed(page_of(self.submission)).make_preview_request(
            request, extra_request_attrs={"in_preview_panel": True}
        )
