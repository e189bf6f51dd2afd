"""The editor of an article."""

from django import forms

from blog import rules
from territoires_en_commun.base.forms import BasePageForm
from territoires_en_commun.base.models import Partner

SECTION_PARTNER = "Cet article est dans l’espace de ce partenaire : il paraît sous son nom."


class ArticlePageForm(BasePageForm):
    """In the section of a partner, the partner is not a choice."""

    required_to_publish = {**BasePageForm.required_to_publish, "kind": rules.MISSING_KIND}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        partner = self.parent_page.partner_id if self.parent_page else None
        if partner and "partner" in self.fields:
            self.fields["partner"] = forms.ModelChoiceField(
                Partner.objects.filter(pk=partner),
                label=self.fields["partner"].label,
                help_text=SECTION_PARTNER,
                required=False,
                disabled=True,
                empty_label=None,
            )
            self.initial["partner"] = partner
