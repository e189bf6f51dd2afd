"""Telephone numbers of France as people dial them, overseas included."""

import re
from typing import Any

from phonenumber_field import formfields, modelfields
from phonenumber_field.modelfields import PhoneNumberDescriptor

# Each overseas country code, and the beginnings of its national numbers (Arcep, plan national de numérotation).
OVERSEAS = {
    "590": ("0590", "0690", "0691"),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    "594": ("0594", "0694"),  # Guyane
    "596": ("0596", "0696", "0697"),  # Martinique
    "262": ("0262", "0263", "0692", "0693", "0269", "0639"),  # La Réunion, Mayotte
    "508": ("0508", "0708"),  # Saint-Pierre-et-Miquelon
}
DIALLED = re.compile(r"0\d{9}")


def dialled(text: Any) -> Any:
    """A number dialled from France in its international form when it is overseas; anything else as it is."""
    if not isinstance(text, str):
        return text
    digits = re.sub(r"[\s.\-/()\u2010-\u2015]", "", text)
    if DIALLED.fullmatch(digits):
        for code, beginnings in OVERSEAS.items():
            if digits.startswith(beginnings):
                return f"+{code}{digits[1:]}"
    return text


class PhoneFormField(formfields.PhoneNumberField):
    """A telephone number, with a French sentence for a bad one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.error_messages["invalid"] = "Ce numéro de téléphone n’existe pas : vérifiez les chiffres."

    def to_python(self, value: Any) -> Any:
        return super().to_python(dialled(value))


class _Descriptor(PhoneNumberDescriptor):
    def __set__(self, instance: Any, value: Any) -> None:
        super().__set__(instance, dialled(value))


class PhoneField(modelfields.PhoneNumberField):
    """A telephone number kept in its international form."""

    descriptor_class = _Descriptor

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})
