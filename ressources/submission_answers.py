"""What is typed in a step of the form that proposes an experience: kept as it is, judged again when it is sent."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from ressources import experience_rules as rules
from ressources.experience_sections import Section
from ressources.submission_rows import Rows
from territoires_en_commun.territories.models import Territory

MAX_TEXT = 5000  # characters of a section
MAX_KEPT = 2 * MAX_TEXT  # characters of a value kept although it is too long
MAX_VALUES = 100  # boxes ticked in one field
BACK, LATER = "retour", "plus-tard"

Answers = dict[str, list[str]]


class StepForm(forms.Form):
    """A step of the form: ``direction`` is the button that was pressed."""

    rows: ClassVar[tuple[Rows, ...]] = ()
    boxed: ClassVar[tuple[Section, ...]] = ()

    direction = forms.ChoiceField(
        choices=[("", ""), (BACK, ""), (LATER, "")], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for rows in self.rows:
            self.fields |= rows.fields()
        if self.is_bound:
            self._let_empty_what_is_unknown()

    def _let_empty_what_is_unknown(self) -> None:
        for box, field in self.fields.items():
            name = box.removesuffix("_unknown")
            if name != box and field.widget.value_from_datadict(self.data, self.files, box):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for rows in self.rows:
            for name, sentence in rows.missing(cleaned):
                self.add_error(name, sentence)
        for section in self.boxed:
            if cleaned.get(section.box) and cleaned.get(section.name):
                self.add_error(section.box, rules.SECTION_BOTH.format(title=section.title))
        return cleaned

    def pressed(self) -> str:
        """The direction asked, whatever else is wrong; empty for « continue »."""
        value = self.data.get("direction")
        return value if value in {BACK, LATER} else ""

    def answers(self) -> Answers:
        """What was typed in each field, to be kept; a territory found is kept by its key.

        Raise ValidationError on what cannot be: a null character, a text far too long.
        """
        cleaned = getattr(self, "cleaned_data", {})
        kept = {}
        for name in answered_fields(type(self)):
            value = cleaned.get(name)
            values = [value.key] if isinstance(value, Territory) else self.data.getlist(name)
            if not is_storable(values):
                raise ValidationError(f"« {self.fields[name].label} » ne peut pas être gardé : raccourcissez-le.")
            kept[name] = values
        return kept


def is_storable(values: list[str]) -> bool:
    """Whether a JSON field of any database can hold these values, and holds them lightly."""
    if len(values) > MAX_VALUES or sum(map(len, values)) > MAX_KEPT:
        return False
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in "".join(values))


def answered_fields(form_class: type[StepForm]) -> list[str]:
    """The names of the fields whose answers are kept."""
    declared = [name for name in form_class.base_fields if name not in {"direction", "website", "token"}]
    return declared + [name for rows in form_class.rows for name in rows.fields()]
