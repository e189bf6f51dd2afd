"""Views of the admin's lists of mails and jobs."""

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from wagtail.admin.auth import permission_denied
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.log_actions import log

from territoires_en_commun.mailing.models import JobState, OutgoingMail
from territoires_en_commun.mailing.scheduling import load_jobs
from territoires_en_commun.mailing.services import relaunch_mail


class MailFilterSet(WagtailFilterSet):
    """Several states at once, and a period."""

    state = django_filters.MultipleChoiceFilter(
        choices=OutgoingMail.State.choices, label="État", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = OutgoingMail
        fields = ["state", "created_at"]


class MailInspectView(generic.InspectView):
    """One mail, with a button to relaunch it when it failed or its delivery is uncertain."""

    template_name = "mailing/admin/inspect_mail.html"

    def get_context_data(self, **kwargs):
        allowed = self.object.can_be_relaunched and self.user_has_permission("relaunch")
        url = reverse("courriels:relaunch", args=[self.object.pk]) if allowed else ""
        uncertain = self.object.state == OutgoingMail.State.UNCERTAIN
        return super().get_context_data(**kwargs) | {"relaunch_url": url, "is_uncertain": uncertain}


class RelaunchView(View):
    """POST puts a mail back in the outbox; needs the permission to relaunch."""

    inspect_url_name = ""
    http_method_names = ["post"]

    def post(self, request, pk: int):
        if not request.user.has_perm("mailing.relaunch_outgoingmail"):
            return permission_denied(request)
        mail = get_object_or_404(OutgoingMail, pk=pk)
        try:
            mail = relaunch_mail(mail_id=pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            log(instance=mail, action="mailing.relaunch", user=request.user)
            messages.success(request, f"Le courriel pour {mail.recipient} va être envoyé de nouveau.")
        return redirect(self.inspect_url_name, pk)


class JobIndexView(generic.IndexView):
    """The jobs that exist in the code, under their French names."""

    def get_base_queryset(self):
        return JobState.objects.filter(name__in=load_jobs())
