"""The contact form and what its address may carry."""

from django import forms
from django.db import models

from territoires_en_commun.base.guarded_forms import GuardedForm
from territoires_en_commun.mailing.composing import check_address, check_body, check_header


class Subject(models.TextChoices):
    """What a message is about; the value may be in the address of the form (``?sujet=accessibilite``)."""

    QUESTION = "question", "Une question sur la plateforme"
    MISTAKE = "erreur", "Une erreur dans une page"
    ACCESSIBILITY = "accessibilite", "Un défaut d’accessibilité"
    PERSONAL_DATA = "donnees", "Mes données personnelles"
    OTHER = "autre", "Autre chose"


class ContactQueryForm(forms.Form):
    """The query string of the contact page: an unknown subject is ignored."""

    sujet = forms.ChoiceField(choices=Subject.choices, required=False)

    @property
    def subject(self) -> str:
        return self.cleaned_data["sujet"] if self.is_valid() else ""


class ContactForm(GuardedForm):
    """A message to the team."""

    salt = "home.contact"

    name = forms.CharField(
        label="Votre nom",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    email = forms.CharField(
        label="Votre adresse électronique",
        help_text="Format attendu : nom@domaine.fr. Elle sert à vous répondre.",
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
    subject = forms.ChoiceField(
        label="Objet de votre message",
        choices=[("", "Choisissez un objet"), *Subject.choices],
        error_messages={
            "required": "Choisissez l’objet de votre message.",
            "invalid_choice": "Choisissez l’objet de votre message dans la liste.",
        },
    )
    message = forms.CharField(
        label="Votre message",
        help_text="5 000 caractères au plus. Ne donnez pas de renseignement sur votre santé ou vos opinions.",
        max_length=5000,
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
        return check_body(self.cleaned_data["message"], "Votre message")
