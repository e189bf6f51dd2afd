"""Persons to reach at an actor, and those who asked not to be shown (RGPD, articles 14 and 21)."""

import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from phonenumber_field.phonenumber import PhoneNumber
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from annuaire.phones import PhoneField


def fingerprint(email: str, key: str = "") -> str:
    """What is remembered of an address that must not be kept: keyed, case and spaces aside."""
    secret = (key or settings.SECRET_KEY).encode()
    return hmac.new(secret, email.strip().casefold().encode(), hashlib.sha256).hexdigest()


def fingerprints(email: str) -> list[str]:
    """The fingerprints of an address under the keys of today and of before (SECRET_KEY_FALLBACKS)."""
    return [fingerprint(email, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


class ContactObjection(models.Model):
    """Somebody who asked not to be shown in the directory; the address itself is not kept."""

    fingerprint = models.CharField("empreinte de l’adresse", max_length=64, unique=True)
    objected_at = models.DateTimeField("opposition reçue le", auto_now_add=True)

    class Meta:
        verbose_name = "opposition à la publication"
        verbose_name_plural = "oppositions à la publication"

    def __str__(self) -> str:
        return f"Opposition du {self.objected_at:%d/%m/%Y}"


class PublicContact(NamedTuple):
    """What may be shown of a contact; what may not is empty."""

    name: str
    role: str
    email: str
    phone: PhoneNumber | None


class ActorContact(Orderable):
    """Somebody to reach at an actor; each piece of information is shown only when its box says so."""

    actor = ParentalKey("annuaire.ActorPage", on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField("nom", max_length=150)
    role = models.CharField("fonction", max_length=150, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = PhoneField("téléphone", blank=True)
    name_is_public = models.BooleanField("afficher le nom et la fonction", default=False)
    email_is_public = models.BooleanField("afficher l’adresse e-mail", default=False)
    phone_is_public = models.BooleanField("afficher le téléphone", default=False)
    consented_on = models.DateField(
        "accord donné le",
        null=True,
        blank=True,
        help_text="Le jour où la personne a accepté que ces informations soient affichées.",
    )

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("role")]),
        FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
        FieldRowPanel(
            [FieldPanel("name_is_public"), FieldPanel("email_is_public"), FieldPanel("phone_is_public")],
            help_text="Rien n’est affiché sans que sa case soit cochée.",
        ),
        FieldPanel("consented_on"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "contact"
        verbose_name_plural = "contacts"

    def __str__(self) -> str:
        return self.name

    def clean(self):
        super().clean()
        if self.email_is_public and not self.email:
            raise ValidationError({"email_is_public": "Il n’y a pas d’adresse à afficher."})
        if self.phone_is_public and not self.phone:
            raise ValidationError({"phone_is_public": "Il n’y a pas de téléphone à afficher."})
        if self.is_public and self.consented_on is None:
            raise ValidationError({"consented_on": "Indiquez le jour où cette personne a accepté d’être affichée."})

    def save(self, *args, **kwargs):
        """Hide who objected, whatever road brings the contact back: a form, a revision, an import."""
        if self.is_public and self.email and has_objected(self.email):
            self.hide()
        super().save(*args, **kwargs)

    def hide(self) -> None:
        """Show nothing of this contact any more."""
        self.name_is_public = self.email_is_public = self.phone_is_public = False

    @property
    def is_public(self) -> bool:
        """Whether visitors see anything of this contact."""
        return self.name_is_public or self.email_is_public or self.phone_is_public

    @property
    def public(self) -> PublicContact | None:
        """What visitors see, None when nothing is shown."""
        if not self.is_public:
            return None
        return PublicContact(
            name=self.name if self.name_is_public else "",
            role=self.role if self.name_is_public else "",
            email=self.email if self.email_is_public else "",
            phone=self.phone if self.phone_is_public and self.phone else None,
        )


def has_objected(email: str) -> bool:
    """Whether the owner of this address asked not to be shown in the directory."""
    return ContactObjection.objects.filter(fingerprint__in=fingerprints(email)).exists()
