"""The editor of a training."""

from django import forms

from ressources import training_rules
from territoires_en_commun.base.forms import BasePageForm


class TrainingPageForm(BasePageForm):
    """What publication needs is asked then; numbers are written as French does, « 3,5 », or with a point."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "organiser": training_rules.MISSING_ORGANISER,
        "objectives": training_rules.MISSING_OBJECTIVES,
        "mode": training_rules.MISSING_MODE,
        "hours": training_rules.MISSING_DURATION,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"hours", "price"} & self.fields.keys():
            field = self.fields[name]
            field.widget = forms.TextInput({"inputmode": "decimal"})
            field.localize = field.widget.is_localized = True
