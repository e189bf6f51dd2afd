"""The editor of an experience, and what a visitor may ask of its page."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import QueryDict

from ressources import experience_rules as rules
from territoires_en_commun.base.forms import BasePageForm, TerritoryChoiceField

COUNCIL = "conseil"


class AccountField(forms.ModelChoiceField):
    """An active account, named by its address: accounts are too many, and too private, for a list."""

    widget = forms.EmailInput
    default_error_messages = {"invalid_choice": "Aucun compte actif n’a cette adresse."}

    def __init__(self, **kwargs):
        super().__init__(get_user_model().objects.filter(is_active=True), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The address, from the key that the page holds."""
        if isinstance(value, int):
            return get_user_model().objects.filter(pk=value).values_list("email", flat=True).first()
        return value

    def to_python(self, value: Any):
        if value in self.empty_values:
            return None
        account = self.queryset.filter(email__iexact=str(value).strip()).first()
        if account is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return account

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class ViewForm(forms.Form):
    """The query string of the page: another view of it; an unknown one is the page itself."""

    vue = forms.ChoiceField(choices=[(COUNCIL, "Fiche pour le conseil municipal")], required=False)


def asks_for_council(query: QueryDict) -> bool:
    """Whether a query string asks for the sheet of the municipal council."""
    form = ViewForm(query)
    return form.is_valid() and form.cleaned_data["vue"] == COUNCIL


class ExperiencePageForm(BasePageForm):
    """Place by search, contact by address; what publication needs is asked then."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "holder": rules.MISSING_HOLDER,
        "place": rules.MISSING_PLACE,
        "project_status": rules.MISSING_STATUS,
        "started_on": rules.MISSING_START,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "place" in self.fields:
            missing = {"required": rules.MISSING_PLACE}
            self.fields["place"] = TerritoryChoiceField(**self._texts("place"), error_messages=missing)
        if "contact" in self.fields:
            self.fields["contact"] = AccountField(**self._texts("contact"))
