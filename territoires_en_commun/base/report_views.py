"""« Signaler une erreur », on any published page, and the editors' answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from territoires_en_commun.base.guarded_forms import GuardedForm, GuardedFormView
from territoires_en_commun.base.models import BasePage, ErrorReport
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.base.reports import close_report, report_error
from territoires_en_commun.mailing.composing import check_address, check_body


class ReportForm(GuardedForm):
    """What is wrong in a page; the address is only for the answer."""

    salt = "base.report"
    what = "le signalement"

    message = forms.CharField(
        label="Qu’est-ce qui est faux ou manquant ?",
        help_text="2 000 caractères au plus. Ne donnez pas de renseignement personnel.",
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Écrivez ce qui est faux ou manquant."},
    )
    email = forms.CharField(
        label="Votre adresse électronique",
        help_text="Pour recevoir la réponse. Format attendu : nom@domaine.fr.",
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_message(self) -> str:
        return check_body(self.cleaned_data["message"], "Votre signalement")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        return check_address(email, "Votre adresse électronique") if email else ""


class ReportView(GuardedFormView):
    """The form, about one published page."""

    form_class = ReportForm
    template_name = "base/report.html"
    limits = (
        RateLimit("report-address", limit=30, period=3600),
        RateLimit("report-sender", limit=5, period=3600),
    )

    @cached_property
    def page(self) -> BasePage:
        page = BasePage.objects.live_public().filter(pk=self.kwargs["pk"], depth__gt=1).first()
        if page is None:
            raise Http404
        return page

    def setup(self, request, *args, **kwargs):
        """An unknown page is not found, whatever the method."""
        super().setup(request, *args, **kwargs)
        self.page  # noqa: B018

    def page_context(self, form):
        return {
            "fields": [form["message"], form["email"]],
            "reported": self.page,
            "title": f"Signaler une erreur : {self.page.title}",
            "noindex": True,
            "breadcrumb": [{"title": self.page.title, "url": self.page.get_url()}, {"title": "Signaler une erreur"}],
        }

    def accept(self, data):
        names = ("message", "email", "identity")
        report_error(page=self.page, **{name: data[name] for name in names})
        return redirect("report_sent")


@require_safe
def report_sent(request):
    """What follows a report; reached by redirection, so that reloading sends nothing again."""
    context = {"breadcrumb": [{"title": "Signalement envoyé"}], "noindex": True, "title": "Signalement envoyé"}
    return render(request, "base/report_sent.html", context)


# The editors' side


class CloseForm(forms.Form):
    """The answer."""

    reply = forms.CharField(
        label="Votre réponse",
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text="Elle est envoyée à l’auteur du signalement s’il a laissé son adresse.",
        error_messages={"required": "Écrivez une réponse : elle clôt le signalement."},
    )

    def clean_reply(self) -> str:
        return check_body(self.cleaned_data["reply"], "Votre réponse")


class CloseView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """One report, and the form that closes it."""

    model = ErrorReport
    form_class = CloseForm
    permission_required = "change"
    template_name = "base/admin/report.html"
    page_title = "Signalement"
    header_icon = "warning"
    index_url_name = ""

    def get_page_subtitle(self):
        return self.object.page_title

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Signalements"},
            {"url": "", "label": self.object.page_title},
        ]

    def form_valid(self, form):
        try:
            close_report(self.object, reply=form.cleaned_data["reply"], user=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, "Le signalement est clos.")
        return redirect(self.index_url_name)

    def get_context_data(self, **kwargs):
        page = self.object.page
        return super().get_context_data(
            report=self.object,
            edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page else "",
            **kwargs,
        )
