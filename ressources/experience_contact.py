"""The form that writes to who lived an experience."""

import re

from django import forms
from django.core.exceptions import ValidationError

from territoires_en_commun.base.guarded_forms import GuardedForm
from territoires_en_commun.mailing.composing import check_address, check_body, check_header

LINK = re.compile(r"\b(?:[a-z]+://|www\.)", re.IGNORECASE)
MAX_LINKS = 2
TOO_MANY_LINKS = f"Gardez {MAX_LINKS} liens au plus : un message qui en compte davantage ressemble à une publicité."


class ExperienceContactForm(GuardedForm):
    """A message to the contact of an experience."""

    salt = "ressources.experience-contact"

    name = forms.CharField(
        label="Votre nom",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    email = forms.CharField(
        label="Votre adresse électronique",
        help_text="Format attendu : nom@domaine.fr. Elle est donnée au porteur, pour qu’il vous réponde.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique, par exemple nom@domaine.fr."},
    )
    organisation = forms.CharField(
        label="Votre collectivité ou organisme",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    message = forms.CharField(
        label="Votre message",
        help_text=f"3 000 caractères et {MAX_LINKS} liens au plus. Dites ce que vous préparez, ce que vous cherchez.",
        max_length=3000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Écrivez votre message."},
    )

    def clean_name(self) -> str:
        return check_header(self.cleaned_data["name"], "Votre nom", 150)

    def clean_organisation(self) -> str:
        return check_header(self.cleaned_data["organisation"], "Votre collectivité ou organisme", 150)

    def clean_email(self) -> str:
        return check_address(self.cleaned_data["email"], "Votre adresse électronique")

    def clean_message(self) -> str:
        message = check_body(self.cleaned_data["message"], "Votre message")
        if len(LINK.findall(message)) > MAX_LINKS:
            raise ValidationError(f"Votre message : {TOO_MANY_LINKS}")
        return message
