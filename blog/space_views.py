"""Screens of the spaces of partners: one space with its members, and what is confirmed before it is done."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from blog.models import PartnerSpace
from blog.services import (
    Invitation,
    SpaceError,
    close_partner_space,
    invite_member,
    open_partner_space,
    remove_member,
)
from territoires_en_commun.base.models import Partner
from territoires_en_commun.mailing.composing import check_address

INDEX, SPACE, OPEN, CLOSE, REMOVE = (
    f"espaces_partenaires:{name}" for name in ("index", "space", "open", "close", "remove")
)

OUTCOMES = {
    Invitation.SENT: "Une invitation est partie vers {email}.",
    Invitation.SENT_LATELY: "Une invitation est déjà partie vers {email} il y a moins d’une heure.",
    Invitation.ALREADY_MEMBER: "{email} est déjà membre de cet espace : aucun courriel n’est parti.",
    Invitation.INACTIVE_ACCOUNT: "{email} est membre de cet espace, mais son compte est désactivé : "
    "aucun courriel n’est parti.",
}


class InviteForm(forms.Form):
    """Who is invited."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Par exemple camille.durand@association.exemple.fr. La personne reçoit un courriel ; un compte "
        "est créé si besoin.",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez l’adresse électronique de la personne.",
            "invalid": "Adresse électronique : le format attendu est nom@domaine.fr.",
        },
    )

    def clean_email(self) -> str:
        return check_address(self.cleaned_data["email"], "Adresse électronique")


class SpaceViewMixin(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """A page about one space or one partner, with a form."""

    model = PartnerSpace
    permission_required = "change"
    header_icon = "group"
    form_class = forms.Form

    def get_page_subtitle(self):
        return ""

    def get_breadcrumbs_items(self):
        items = [*super().get_breadcrumbs_items(), {"url": reverse(INDEX), "label": "Espaces partenaires"}]
        if isinstance(self.object, PartnerSpace) and type(self) is not SpaceView:
            items.append({"url": reverse(SPACE, args=[self.object.pk]), "label": str(self.object)})
        return [*items, {"url": "", "label": self.get_page_title()}]


class SpaceView(SpaceViewMixin):
    """One space: what it is made of, its members, and the form that invites one."""

    template_name = "blog/admin/space.html"
    form_class = InviteForm

    @property
    def permission_required(self):
        return "change" if self.request.method == "POST" else "view"

    def get_page_title(self):
        return str(self.object)

    def get_context_data(self, **kwargs):
        members = self.object.group.user_set.order_by("last_name", "first_name", "email")
        return super().get_context_data(
            space=self.object,
            members=members,
            can_change=self.user_has_permission("change"),
            can_open=self.user_has_permission("add"),
            **kwargs,
        )

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        try:
            outcome = invite_member(space=self.object, email=email, user=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        tell = messages.success if outcome == Invitation.SENT else messages.warning
        tell(self.request, OUTCOMES[outcome].format(email=email))
        return redirect(SPACE, self.object.pk)


class ConfirmView(SpaceViewMixin):
    """Asks before it acts. ``consequences`` are sentences; ``verb`` is on the button."""

    template_name = "blog/admin/confirm_space.html"
    verb = ""
    is_serious = False

    @property
    def consequences(self) -> list[str]:
        raise NotImplementedError

    @property
    def cancel_url(self) -> str:
        return reverse(SPACE, args=[self.object.pk])

    def act(self) -> PartnerSpace:
        """Do it; return the space to show. Raise SpaceError, which is shown."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            space = self.act()
        except SpaceError as error:
            messages.error(self.request, error.message)
            return redirect(self.cancel_url)
        return redirect(SPACE, space.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            consequences=self.consequences,
            verb=self.verb,
            is_serious=self.is_serious,
            cancel_url=self.cancel_url,
            **kwargs,
        )


class OpenView(ConfirmView):
    """Opens the space of a partner, or opens it again; leads to the one that is open."""

    permission_required = "add"
    verb = "Ouvrir l’espace"

    def get_page_title(self):
        return f"Ouvrir l’espace de « {self.object} »"

    def get_object(self):
        return get_object_or_404(Partner, pk=self.pk)

    def get(self, request, *args, **kwargs):
        if space := PartnerSpace.objects.open().filter(partner=self.object).first():
            return redirect(SPACE, space.pk)
        return super().get(request, *args, **kwargs)

    @property
    def consequences(self):
        if PartnerSpace.objects.filter(partner=self.object).exists():
            return ["La rubrique, les images et les membres d’avant la fermeture servent de nouveau."]
        return [
            "Une rubrique à son nom s’ajoute au blog : ses contributeurs y écrivent leurs articles.",
            "Ses images et ses documents sont rangés à part ; les autres partenaires ne les voient pas.",
            "Ses contributeurs proposent leurs articles à la relecture, sans pouvoir les publier.",
        ]

    @property
    def cancel_url(self):
        return reverse(INDEX)

    def act(self):
        space = open_partner_space(partner=self.object, user=self.request.user)
        messages.success(self.request, f"L’espace de « {space} » est ouvert : invitez ses contributeurs.")
        return space


class CloseView(ConfirmView):
    """Closes a space."""

    verb = "Fermer l’espace"
    is_serious = True

    def get_page_title(self):
        return f"Fermer l’espace de « {self.object} »"

    @property
    def consequences(self):
        return [
            "Ses membres ne peuvent plus rien y écrire ni y soumettre.",
            "Les articles, les images et la liste des membres restent : vous pourrez rouvrir l’espace.",
        ]

    def act(self):
        space = close_partner_space(space=self.object, user=self.request.user)
        messages.success(self.request, f"L’espace de « {space} » est fermé.")
        return space


class RemoveMemberView(ConfirmView):
    """Takes a person out of a space."""

    verb = "Retirer cette personne"
    is_serious = True

    def get_page_title(self):
        return f"Retirer {self.member} de l’espace de « {self.object} »"

    @cached_property
    def member(self):
        return get_object_or_404(self.object.group.user_set, pk=self.kwargs["member"])

    @property
    def consequences(self):
        return [
            f"{self.member} ne pourra plus écrire dans l’espace de « {self.object} ».",
            "Ses articles restent ; son compte aussi.",
        ]

    def act(self):
        name = str(self.member)
        remove_member(space=self.object, member=self.member, user=self.request.user)
        messages.success(self.request, f"{name} ne fait plus partie de cet espace.")
        return self.object
