"""The editor of an event."""

from django import forms

from agenda.events import rules
from territoires_en_commun.base.forms import BasePageForm, TerritoryChoiceField

WHERE = "À qui l’événement s’adresse : communes, intercommunalités, départements, régions, ou la France entière."


class EventPageForm(BasePageForm):
    """The commune by search; what publication needs is asked then."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "kind": rules.MISSING_KIND,
        "mode": rules.MISSING_MODE,
        "description": rules.MISSING_DESCRIPTION,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "commune" in self.fields:
            known = self.fields["commune"]
            self.fields["commune"] = TerritoryChoiceField(label=known.label, help_text=known.help_text, required=False)
        if "territories" in self.fields:
            self.fields["territories"].help_text = WHERE
        for name in {"latitude", "longitude"} & self.fields.keys():
            field = self.fields[name]
            field.widget = forms.TextInput({"inputmode": "decimal"})
            field.localize = field.widget.is_localized = True
