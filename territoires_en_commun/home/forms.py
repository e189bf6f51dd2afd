"""The contact form and what its address may carry."""

import secrets

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models

from territoires_en_commun.mailing.composing import check_address, check_body, check_header

MIN_SECONDS = 3  # nobody writes a message faster
MAX_SECONDS = 24 * 3600
TOKEN_SALT = "home.contact"  # noqa: S105 - a salt, not a secret


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


def new_token() -> str:
    """A signed, dated, single identity for one opening of the form."""
    return signing.dumps(secrets.token_hex(16), salt=TOKEN_SALT)


def token_identity(token: str, max_age: int | None = None) -> str:
    """The identity in a token. Raise signing.BadSignature, or SignatureExpired past ``max_age`` seconds."""
    return signing.loads(token, salt=TOKEN_SALT, max_age=max_age)


class ContactForm(forms.Form):
    """A message to the team. Refuses robots without asking anything of people: honeypot and minimum time."""

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
    website = forms.CharField(
        label="Ne remplissez pas ce champ",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_name(self) -> str:
        return check_header(self.cleaned_data["name"], "Votre nom", 150)

    def clean_organisation(self) -> str:
        return check_header(self.cleaned_data["organisation"], "Votre collectivité ou organisme", 150)

    def clean_email(self) -> str:
        return check_address(self.cleaned_data["email"], "Votre adresse électronique")

    def clean_message(self) -> str:
        return check_body(self.cleaned_data["message"], "Votre message")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            raise ValidationError(
                "Le champ caché « Ne remplissez pas ce champ » est rempli, sans doute par votre navigateur : "
                "le message n’est pas parti. Vérifiez vos réponses et envoyez-le de nouveau."
            )
        cleaned["identity"] = self.check_token(cleaned.get("token") or "")
        return cleaned

    def check_token(self, token: str) -> str:
        """The identity of this opening of the form; ValidationError when too fast, too old or forged."""
        try:
            identity = token_identity(token, max_age=MAX_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError(
                "Le formulaire est resté ouvert trop longtemps : le message n’est pas parti. Votre texte est gardé, "
                "envoyez-le de nouveau."
            ) from error
        try:
            token_identity(token, max_age=MIN_SECONDS)
        except signing.SignatureExpired:
            return identity
        raise ValidationError(
            "Le message a été envoyé plus vite qu’une personne ne peut l’écrire : il n’est pas parti. Votre texte "
            "est gardé, attendez quelques secondes et envoyez-le de nouveau."
        )

    def usable_token(self) -> str:
        """The token to print again after a refusal: the same while it is valid, else a new one."""
        token = self.data.get(self.add_prefix("token"), "") if self.is_bound else ""
        try:
            token_identity(token, max_age=MAX_SECONDS)
        except signing.BadSignature:
            return new_token()
        return token
