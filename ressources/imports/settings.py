"""What an import of experiences says once for all its rows."""

from django import forms
from django.utils.text import capfirst

from ressources.models import ExperienceStatus
from territoires_en_commun.base.page_imports.settings import FOR_ROWS_WITHOUT, PageSettingsForm


class ExperienceSettingsForm(PageSettingsForm):
    """Constants, and how to treat the experiences that are already there."""

    project_status = forms.ChoiceField(
        label="État du projet",
        required=False,
        choices=[
            ("", "Celui que dit le fichier"),
            *((value, capfirst(label)) for value, label in ExperienceStatus.choices),
        ],
        help_text=FOR_ROWS_WITHOUT,
    )
    unknown_sections = forms.BooleanField(
        label="Cocher « pas encore connu » pour les parties que le fichier ne donne pas",
        required=False,
        help_text="Contexte, problème, démarche, résultats, difficultés, ce que nous referions autrement ; sinon, ces "
        "fiches restent à compléter.",
    )
    unknown_figures = forms.BooleanField(
        label="Cocher « pas encore connu » pour le coût et le temps passé que le fichier ne donne pas",
        required=False,
    )

    field_order = ("dataset", "project_status", "unknown_sections", "unknown_figures")
