"""What a page of territory says to who asked for an old code or for a part of a commune."""

from django import forms

from territoires_en_commun.territories.models import Territory

from .listing.forms import ReadableCharField

PARAMETER = "depuis"


class FormerTerritoryField(ReadableCharField):
    """The key of the territory that was asked for, which became ``current`` or is a part of it."""

    def __init__(self, current: Territory):
        super().__init__(required=False, max_length=40)
        self.current = current

    def clean(self, value):
        key = super().clean(value)
        if not key:
            return None
        try:
            asked = Territory.objects.get_by_key(key)
        except Territory.DoesNotExist:
            asked = None
        if asked is None or asked == self.current or asked.current != self.current:
            raise forms.ValidationError("aucun territoire de ce code n’a rejoint celui-ci")
        return asked


def former_notice(asked: Territory, current: Territory) -> str:
    """Why this page answers for another territory: « Brains-sur-les-Marches (53041) a rejoint … »."""
    if asked.is_active:
        return f"{asked.name} est une {asked.get_type_display()} {current.of_name} : voici la page de la commune."
    if asked.name == current.name:
        return f"Le code {asked.code} n’est plus celui {current.of_name}, qui porte maintenant le code {current.code}."
    return f"{asked.name} (code {asked.code}) a rejoint {current.name} : voici la page du territoire actuel."
