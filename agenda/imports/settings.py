"""What an import of calls says once for all its rows."""

from django import forms
from django.utils.text import capfirst

from agenda.calls.kinds import CallNature
from territoires_en_commun.base.page_imports.settings import FOR_ROWS_WITHOUT, PageSettingsForm


class CallSettingsForm(PageSettingsForm):
    """Constants, and how to treat the calls that are already there."""

    nature = forms.ChoiceField(
        label="Nature",
        required=False,
        choices=[("", "Celle que dit le fichier"), *((value, capfirst(label)) for value, label in CallNature.choices)],
        help_text=FOR_ROWS_WITHOUT,
    )
    funders_text = forms.CharField(label="Financeur", max_length=255, required=False, help_text=FOR_ROWS_WITHOUT)
    source_url = forms.URLField(
        label="Annonce officielle", max_length=500, required=False, assume_scheme="https", help_text=FOR_ROWS_WITHOUT
    )
    everywhere = forms.BooleanField(
        label="Projets attendus dans toute la France",
        required=False,
        help_text="Pour les lignes sans territoire ; sinon, elles restent à compléter.",
    )

    field_order = (
        "dataset",
        "nature",
        "funders_text",
        "source_url",
        "everywhere",
        "themes",
        "programmes",
        "partner",
        "licence",
        "review_date",
        "review_owner",
        "keep_edits",
        "publish",
    )
