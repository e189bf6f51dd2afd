"""The editor of an actor."""

from territoires_en_commun.base.forms import BasePageForm, TerritoryChoiceField

from . import rules

WHERE = "Où agit l’acteur : communes, intercommunalités, départements, régions, ou la France entière."


class ActorPageForm(BasePageForm):
    """Territories by search; what publication needs is asked then."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "type": rules.MISSING_TYPE,
        "territories": rules.MISSING_TERRITORY,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("represents", "commune"):
            if name in self.fields:
                self.fields[name] = TerritoryChoiceField(**self._texts(name))
        if "territories" in self.fields:
            self.fields["territories"].help_text = WHERE
