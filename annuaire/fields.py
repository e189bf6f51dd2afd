"""Fields of the directory: identifiers as people type them, and the hours of a week."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from .hours import DAY_KEYS, DAYS, MAX_LENGTH, normalise
from .identifiers import compact

TYPED_LENGTH = 40  # an identifier with the spaces that people put in it


class IdentifierFormField(forms.CharField):
    """An identifier, spaces, dots and hyphens aside."""

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value))


class IdentifierField(models.CharField):
    """A text kept without the spaces, dots and hyphens of its written form."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return compact(text) if text else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": IdentifierFormField, "max_length": TYPED_LENGTH, **kwargs})


class OpeningHoursWidget(forms.MultiWidget):
    """One text input per day of the week."""

    template_name = "annuaire/admin/opening_hours.html"

    def __init__(self, attrs: dict | None = None):
        attributes = {"maxlength": MAX_LENGTH, "placeholder": "9 h – 12 h 30, 13 h 30 – 17 h"}
        super().__init__({key: forms.TextInput(attributes) for key in DAY_KEYS}, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(key, "") for key in DAY_KEYS]

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        for subwidget, (_key, label, _name) in zip(context["widget"]["subwidgets"], DAYS, strict=True):
            subwidget["label"] = label
        return context


class OpeningHoursFormField(forms.MultiValueField):
    """The hours of a week: a dictionary of the days that are given, in their canonical text."""

    widget = OpeningHoursWidget

    def __init__(self, **kwargs: Any):
        for name in ("encoder", "decoder", "max_length"):
            kwargs.pop(name, None)
        errors = {"max_length": f"Les horaires d’un jour tiennent en {MAX_LENGTH} caractères."}
        fields = [forms.CharField(required=False, max_length=MAX_LENGTH, error_messages=errors) for _ in DAYS]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str]:
        texts = zip(DAY_KEYS, values or [""] * len(DAYS), strict=True)
        return {key: text for key, value in texts if (text := normalise(value))}


def validate_hours(value: Any) -> None:
    """Raise ValidationError unless the value is a dictionary of days to texts."""
    is_week = isinstance(value, dict) and all(
        key in DAY_KEYS and isinstance(text, str) and 0 < len(text) <= MAX_LENGTH for key, text in value.items()
    )
    if not is_week:
        raise ValidationError("Ces horaires sont mal formés.")


class OpeningHoursField(models.JSONField):
    """The hours of a week as ``{"mo": "9 h – 12 h", "su": "fermé"}``; a day that is absent is not given."""

    default_validators = [validate_hours]

    def formfield(self, **kwargs: Any) -> forms.Field:
        return models.Field.formfield(self, **{"form_class": OpeningHoursFormField, **kwargs})
