"""Fields of this room."""

from typing import Any

from django import forms
from django.db import models

from territoires_en_commun.base.amounts import read_euros
from territoires_en_commun.base.formats import euros


class AmountFormField(forms.CharField):
    """An amount as people write it: « 10 000 € », « 1,5 M€ »."""

    def to_python(self, value: Any) -> int | None:
        return value if isinstance(value, int) else read_euros(str(value or ""))

    def prepare_value(self, value: Any) -> Any:
        return euros(value) if isinstance(value, int) else value


class AmountField(models.PositiveBigIntegerField):
    """Whole euros."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return models.Field.formfield(self, **{"form_class": AmountFormField, **kwargs})
