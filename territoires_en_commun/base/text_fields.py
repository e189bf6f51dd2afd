"""What people type in public forms: a line, an address, a text; what could forge a mail is refused (SEC-10)."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from territoires_en_commun.mailing.composing import check_address, check_header


class LineField(forms.CharField):
    """One line of text, without control characters."""

    def clean(self, value: Any) -> str:
        return check_header(super().clean(value), self.label, self.max_length)


class AddressField(LineField):
    """An e-mail address."""

    widget = forms.EmailInput

    def clean(self, value: Any) -> str:
        return check_address(super().clean(value), self.label)


class TextField(forms.CharField):
    """Lines of text, without control characters."""

    def __init__(self, *, max_length: int, rows: int = 5, **kwargs):
        kwargs.setdefault("widget", forms.Textarea({"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n")
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text if character not in "\n\t"):
            raise ValidationError(f"{self.label} : le texte contient des caractères de contrôle, retirez-les.")
        return text
