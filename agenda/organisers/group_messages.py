"""The screen where an organiser writes to a group: whom, what, a preview, then it goes."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages

from agenda.events.kinds import Presence
from agenda.models import EventSession, SessionMessage
from agenda.organisers.session_screens import SessionScreen
from agenda.registrations.group_messages import NOBODY, Group, group_label, recipients, send_message
from territoires_en_commun.mailing.composing import check_body, check_header

MAX_SUBJECT, MAX_BODY = 150, 5000
PREVIEW, SEND = "apercu", "envoyer"
COUNT_CHANGED = "Le nombre de destinataires a changé depuis l’aperçu : vérifiez-le, puis envoyez."
SENT_ALREADY = "Ce message est déjà parti : il n’a pas été envoyé une seconde fois."


class GroupMessageForm(forms.Form):
    """To whom, and what; ``identity`` is that of this opening, ``counted`` the recipients that the preview told."""

    group = forms.ChoiceField(
        label="À qui écrivez-vous ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez à qui vous écrivez."},
    )
    presence = forms.ChoiceField(label="Modalité", required=False)
    subject = forms.CharField(
        label="Objet", max_length=MAX_SUBJECT, error_messages={"required": "Écrivez l’objet du message."}
    )
    body = forms.CharField(
        label="Message",
        help_text="La date, le lieu et le lien vers l’inscription sont ajoutés. "
        f"{MAX_BODY} caractères au plus, sans mise en forme.",
        max_length=MAX_BODY,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Écrivez le message."},
    )
    identity = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    counted = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    step = forms.ChoiceField(choices=[(PREVIEW, ""), (SEND, "")], required=False, widget=forms.HiddenInput)

    def __init__(self, *args, session: EventSession, **kwargs):
        super().__init__(*args, **kwargs)
        counts = {group: recipients(session, group).count() for group in Group}
        self.fields["group"].choices = [(group.value, f"{group.label} ({counts[group]})") for group in Group]
        offered = [(presence.value, presence.label) for presence in Presence if presence in session.presences]
        self.fields["presence"].choices = [("", "toutes"), *offered]
        if len(offered) < 2:
            del self.fields["presence"]

    def clean_subject(self) -> str:
        return check_header(self.cleaned_data["subject"], "Objet", MAX_SUBJECT)

    def clean_body(self) -> str:
        return check_body(self.cleaned_data["body"], "Message")


class GroupMessageView(SessionScreen, FormView):
    """Write to a group of a session; the first post only tells how many will read."""

    form_class = GroupMessageForm
    template_name = "agenda/admin/group_message.html"
    page_title = "Écrire aux inscrits"
    header_icon = "mail"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"session": self.session}

    def get_context_data(self, **kwargs):
        sent = SessionMessage.objects.filter(session=self.session).select_related("by")
        return super().get_context_data(
            sent=sent, session=self.session, preview_step=PREVIEW, send_step=SEND, **kwargs
        )

    def form_valid(self, form):
        data = form.cleaned_data
        group, presence = data["group"], data.get("presence", "")
        count = recipients(self.session, group, presence).count()
        if data["step"] != SEND or data["counted"] != count:
            if data["step"] == SEND:
                messages.warning(self.request, COUNT_CHANGED)
            return self.preview(form, count, group_label(group, presence))
        try:
            sent = send_message(
                session=self.session,
                group=group,
                presence=presence,
                subject=data["subject"],
                body=data["body"],
                identity=data["identity"].hex,
                by=self.request.user,
            )
        except ValidationError as error:
            form.add_error("group", error)
            return self.form_invalid(form)
        if sent is None:
            messages.warning(self.request, SENT_ALREADY)
        else:
            told = f"{sent.count} personnes" if sent.count > 1 else "1 personne"
            messages.success(self.request, f"Le message part à {told}.")
        return redirect("seances:message", self.session.pk)

    def preview(self, form, count: int, told: str):
        """The form with what will be sent, and to how many."""
        if count == 0:
            form.add_error("group", NOBODY)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, count=count, told=told))
