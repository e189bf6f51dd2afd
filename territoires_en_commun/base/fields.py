"""Fields shared by the rooms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import StreamField

from territoires_en_commun.base.widgets import TermCheckboxes


class SlimStreamField(StreamField):
    """A StreamField whose blocks stay out of migrations.

    Adding, changing or renaming a block then makes no migration. In a migration the field has no
    block: it hands stored data through untouched, so that a data migration which saves the row loses
    nothing and ``MigrateStreamData`` can still rename or rewrite top-level blocks.
    """

    def __init__(self, block_types: Any = (), **kwargs):
        super().__init__(block_types, **kwargs)

    def deconstruct(self):
        name, path, _, kwargs = super().deconstruct()
        del kwargs["block_lookup"]
        return name, path, [], kwargs

    def to_python(self, value):
        if not self.stream_block.child_blocks and isinstance(value, list) and value and isinstance(value[0], dict):
            stream = StreamValue(self.stream_block, value, is_lazy=True)
            stream._stream_field = self
            return stream
        return super().to_python(value)


class ChoicesField(models.JSONField):
    """Several of a few fixed choices, as a list of their values in the order of the choices.

    ``several`` gives the choices; they make no migration. A list that editors govern is a Term instead.
    """

    def __init__(self, *args, several: Any = (), **kwargs):
        self.several = list(several)  # not ``choices``, which Django would compare with the whole list
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        known = {str(choice) for choice, _ in self.several}
        if not isinstance(value, list) or not known.issuperset(value):
            raise ValidationError("Un des choix n’existe pas.")

    def labels_of(self, values: list[str]) -> list[str]:
        """The words of these values, in the order of the choices."""
        return [str(label) for value, label in self.several if value in (values or [])]

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            choices=self.several,
            label=kwargs.get("label") or capfirst(str(self.verbose_name)),
            required=not self.blank,
            help_text=self.help_text,
            widget=kwargs.get("widget") or TermCheckboxes,
        )
