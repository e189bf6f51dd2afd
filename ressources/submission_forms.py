"""The forms that propose an experience: its steps, its sending, and the request of one's links."""

from django import forms
from django.core.exceptions import ValidationError

from ressources import experience_rules as rules
from ressources import experience_sections as sections
from ressources.experience_sections import Section
from ressources.models import ExperienceStatus
from ressources.submission_answers import MAX_TEXT, StepForm
from ressources.submission_fields import DATE_FORMAT, AmountField, DayOrMonthField
from ressources.submission_rows import INDICATORS, STEPS
from territoires_en_commun.base.formats import grouped
from territoires_en_commun.base.forms import TermMultipleChoiceField, ThemeMultipleChoiceField
from territoires_en_commun.base.guarded_forms import GuardedForm
from territoires_en_commun.base.models import Audience, Programme, Theme
from territoires_en_commun.base.publication import MAX_THEMES, MISSING_THEMES, TOO_MANY_THEMES
from territoires_en_commun.base.text_fields import AddressField, LineField, TextField
from territoires_en_commun.territories.forms import TerritoryField


def section_fields(section: Section) -> tuple[TextField, forms.BooleanField]:
    """The text of a section, and the box that says « pas encore connu »."""
    text = TextField(
        label=section.title,
        help_text=f"{section.help_text} {grouped(MAX_TEXT)} caractères au plus.",
        max_length=MAX_TEXT,
        rows=6,
        error_messages={"required": rules.MISSING_SECTION.format(title=section.title)},
    )
    return text, forms.BooleanField(label=f"{section.title} : pas encore connu", required=False)


class AuthorForm(StepForm):
    """Who tells the experience, and where it took place."""

    name = LineField(
        label="Votre nom",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom, par exemple Camille Durand."},
    )
    role = LineField(
        label="Votre fonction",
        help_text="Par exemple : maire, secrétaire générale de mairie, chargé de mission.",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
        error_messages={"required": "Indiquez votre fonction, par exemple maire ou chargée de mission."},
    )
    organisation = LineField(
        label="Votre collectivité ou organisme",
        help_text="Son nom dans l’annuaire de la plateforme, s’il y figure ; sinon le nom usuel.",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": "Indiquez votre collectivité ou organisme, par exemple Commune de Guéret."},
    )
    email = AddressField(
        label="Votre adresse électronique",
        help_text="Format attendu : nom@domaine.fr. Un lien y est envoyé, pour reprendre plus tard.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique, par exemple nom@domaine.fr."},
    )
    place = TerritoryField(
        label="Territoire de l’expérience",
        help_text="La commune, l’intercommunalité, le département ou la région : un nom, un code postal ou INSEE.",
        error_messages={"required": "Indiquez un territoire : son nom, son code postal ou son code INSEE."},
    )


class StartForm(AuthorForm, GuardedForm):
    """The first step as it opens, before anything is kept."""

    salt = "ressources.submission-start"
    what = "le formulaire"

    def clean(self):
        cleaned = super().clean()
        return cleaned | {"answers": self.answers()}


class ProjectForm(StepForm):
    """The project in short, and what it is about."""

    title = LineField(
        label="Titre",
        help_text="Ce qui a été fait, en une phrase courte : 150 caractères au plus.",
        max_length=150,
        error_messages={"required": "Donnez un titre, par exemple « Un marché de nuit pour animer la place »."},
    )
    summary = TextField(
        label="Résumé",
        help_text="Ce que l’expérience apporte, et à qui : 300 caractères au plus.",
        max_length=300,
        rows=3,
        error_messages={"required": "Écrivez un résumé de 300 caractères au plus."},
    )
    project_status = forms.ChoiceField(
        label="État du projet",
        choices=[(status.value, status.label.capitalize()) for status in ExperienceStatus],
        widget=forms.RadioSelect,
        error_messages={"required": rules.MISSING_STATUS, "invalid_choice": rules.MISSING_STATUS},
    )
    started_on = DayOrMonthField(label="Début", error_messages={"required": rules.MISSING_START})
    ended_on = DayOrMonthField(
        label="Fin", help_text=f"Vide si l’expérience continue. Format attendu : {DATE_FORMAT}.", required=False
    )
    themes = ThemeMultipleChoiceField(
        Theme.objects.all(),
        label="Thématiques",
        help_text=f"De une à {MAX_THEMES}.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": MISSING_THEMES},
    )
    programmes = TermMultipleChoiceField(
        Programme.objects.all(),
        label="Programmes de l’État",
        help_text="Ceux qui ont accompagné le projet.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audiences = TermMultipleChoiceField(
        Audience.objects.all(),
        label="À qui ce récit peut servir",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("themes", "programmes", "audiences"):
            self.fields[name].keep(())

    def clean_themes(self):
        themes = self.cleaned_data["themes"]
        if len(themes) > MAX_THEMES:
            raise ValidationError(TOO_MANY_THEMES)
        return themes

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("started_on"), cleaned.get("ended_on")
        if start and end and end.end < start.date:
            self.add_error("ended_on", rules.END_BEFORE_START)
        is_over = cleaned.get("project_status") in {ExperienceStatus.DONE, ExperienceStatus.ABANDONED}
        if is_over and end is None and "ended_on" not in self.errors:
            self.add_error("ended_on", rules.MISSING_END)
        return cleaned


class StoryForm(StepForm):
    """How it went."""

    use_required_attribute = False  # a box may stand for a text
    boxed = (sections.CONTEXT, sections.PROBLEM, sections.APPROACH)
    rows = (STEPS,)

    context, context_unknown = section_fields(sections.CONTEXT)
    problem, problem_unknown = section_fields(sections.PROBLEM)
    approach, approach_unknown = section_fields(sections.APPROACH)


class OutcomeForm(StepForm):
    """What it cost, and what it gave."""

    use_required_attribute = False  # a box may stand for a text
    boxed = (sections.RESULTS, sections.DIFFICULTIES, sections.TO_REDO)
    rows = (INDICATORS,)

    cost = AmountField(
        label="Coût en euros",
        help_text="Toutes taxes et toutes dépenses comprises, par exemple 12 500 ; 0 si elle n’a rien coûté.",
        max_digits=12,
        min_value=0,
        example="12 500 ou 12 500,50",
        error_messages={"required": rules.MISSING_COST},
    )
    cost_unknown = forms.BooleanField(label="Coût pas encore connu", required=False)
    fte = AmountField(
        label="Temps passé, en équivalents temps plein (ETP)",
        help_text="Sur un an : 0,5 pour une personne à mi-temps.",
        max_digits=6,
        min_value=0,
        example="0,5 ou 2",
        error_messages={"required": rules.MISSING_FTE},
    )
    fte_unknown = forms.BooleanField(label="Temps passé pas encore connu", required=False)
    results, results_unknown = section_fields(sections.RESULTS)
    difficulties, difficulties_unknown = section_fields(sections.DIFFICULTIES)
    to_redo, to_redo_unknown = section_fields(sections.TO_REDO)

    def clean(self):
        cleaned = super().clean()
        for name, sentence in (("cost", rules.COST_BOTH), ("fte", rules.FTE_BOTH)):
            if cleaned.get(f"{name}_unknown") and cleaned.get(name) is not None:
                self.add_error(f"{name}_unknown", sentence)
        return cleaned


class SendForm(GuardedForm):
    """The author's consents, each for a purpose of its own."""

    salt = "ressources.submission-send"
    what = "le formulaire"

    licence = forms.BooleanField(
        label="Je suis l’auteur de ce récit, ou j’ai l’accord de ses auteurs, et j’accepte qu’il soit publié sous "
        "Licence Ouverte 2.0",
        help_text="Chacun pourra le réutiliser librement, en citant sa source. Sans cet accord, il ne peut pas être "
        "publié.",
        error_messages={
            "required": "Cochez cette case pour que le récit puisse être publié sous Licence Ouverte 2.0."
        },
    )
    relay = forms.BooleanField(
        label="J’accepte que les lecteurs m’écrivent au sujet de cette expérience (facultatif)",
        help_text="La plateforme transmet leurs messages sans montrer votre adresse, tant que la page est publiée. "
        "Chaque message transmis contient un lien pour ne plus en recevoir.",
        required=False,
    )


class FindForm(GuardedForm):
    """The address to which the links of submissions are sent again."""

    salt = "ressources.submission-find"
    what = "le formulaire"

    email = AddressField(
        label="Votre adresse électronique",
        help_text="Celle que vous avez donnée en commençant. Format attendu : nom@domaine.fr.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique, par exemple nom@domaine.fr."},
    )
