"""Widgets of the editing space."""

from django import forms
from django.urls import reverse

from territoires_en_commun.territories.models import Territory


class TermCheckboxes(forms.CheckboxSelectMultiple):
    """Terms, or a few fixed choices, as a list of boxes; the second level is under the first."""

    template_name = "base/admin/term_checkboxes.html"
    option_template_name = "base/admin/term_checkbox.html"


class TerritoryPicker(forms.Widget):
    """Several territories: the chosen ones as a list with a button to remove each, and a search to add some.

    The search is a combobox (APG pattern) on the editors' own address, so that it never depends on the public API.
    """

    template_name = "base/admin/territory_picker.html"
    single = False

    class Media:
        js = ["admin/territory-picker.js"]
        css = {"all": ["admin/territory-picker.css"]}

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["chosen"] = self._territories(value)
        context["single"] = self.single
        context["search_url"] = reverse("territory_options")
        return context

    def _territories(self, value):
        keys = [getattr(item, "pk", item) for item in value or []]
        keys = [key for key in keys if str(key).isdecimal() and len(str(key)) < 19]
        return Territory.objects.filter(pk__in=keys)

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def value_omitted_from_data(self, data, files, name):
        return False  # no hidden input means that the last territory was removed

    def id_for_label(self, id_):
        return id_


class SingleTerritoryPicker(TerritoryPicker):
    """One territory: choosing another one replaces it."""

    single = True

    def _territories(self, value):
        return super()._territories([value] if value else [])

    def value_from_datadict(self, data, files, name):
        return data.get(name)
