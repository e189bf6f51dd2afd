"""The editor of a call, and what a visitor may ask of its page."""

from django import forms
from django.http import QueryDict

from agenda.calls import rules
from territoires_en_commun.base.forms import BasePageForm

WHERE = "Où sont les projets attendus : communes, intercommunalités, départements, régions, ou la France entière."


class CallPageForm(BasePageForm):
    """What publication needs is asked then; the closing date depends on the nature, see ``rules.call_gaps``."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "nature": rules.MISSING_NATURE,
        "territories": rules.MISSING_TERRITORY,
        "beneficiaries": rules.MISSING_BENEFICIARIES,
        "eligibility": rules.MISSING_ELIGIBILITY,
        "application_url": rules.MISSING_APPLICATION,
        "source_url": rules.MISSING_SOURCE,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "territories" in self.fields:
            self.fields["territories"].help_text = WHERE


class FileForm(forms.Form):
    """The query string of the page of a call: the page in another format; an unknown one is the page itself."""

    export = forms.ChoiceField(choices=[("ics", "Calendrier")], required=False)


def asks_for_calendar(query: QueryDict) -> bool:
    """Whether a query string asks for the calendar file."""
    form = FileForm(query)
    return form.is_valid() and form.cleaned_data["export"] == "ics"
