"""The form that registers, and the one that changes a registration."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from agenda.events.kinds import Presence
from agenda.models import EventSession, Registration
from agenda.registrations.question_fields import field_name, question_field
from agenda.registrations.states import Person
from territoires_en_commun.base.guarded_forms import GuardedForm
from territoires_en_commun.base.text_fields import AddressField
from territoires_en_commun.mailing.composing import check_body, check_header
from territoires_en_commun.territories.forms import TerritoryField

MAX_NEEDS = 1000
TEXTS = ("first_name", "last_name", "organisation", "role")
ORDER = ("presence", "email", *TEXTS, "commune", "needs")  # then the questions of the event, and the consent


class PersonForm(forms.Form):
    """Who comes, how, and what they answer to the questions of the event; built for one session.

    ``has_presence`` is false for a place whose presence is known: that of somebody else.
    """

    presence = forms.ChoiceField(
        label="Comment participez-vous ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites si vous venez sur place ou si vous suivez à distance.",
            "invalid_choice": "Choisissez une des façons de participer qui sont proposées.",
        },
    )
    first_name = forms.CharField(
        label="Votre prénom",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Votre nom",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    organisation = forms.CharField(
        label="Votre collectivité ou organisme",
        max_length=255,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    role = forms.CharField(
        label="Votre fonction",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    commune = TerritoryField(
        label="Votre commune",
        help_text="Celle où vous êtes élu, ou pour laquelle vous travaillez : un nom, un code postal ou INSEE.",
        required=False,
        types=("commune",),
    )
    needs = forms.CharField(
        label="De quoi avez-vous besoin pour participer ?",
        help_text="Accessibilité, langue des signes, sous-titrage… Seule l’organisation le lit, et l’efface avec "
        f"l’inscription. {MAX_NEEDS} caractères au plus.",
        max_length=MAX_NEEDS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    in_list = forms.BooleanField(
        label="J’accepte que mon nom et ma structure figurent dans la liste des participants (facultatif)",
        help_text="Elle n’est montrée qu’aux personnes inscrites. Vous pouvez en sortir à tout moment.",
        required=False,
    )

    def __init__(self, *args, session: EventSession, has_presence: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.session = session
        self.asked = list(session.event.questions.asked())
        offered = [(presence.value, presence.label.capitalize()) for presence in session.presences]
        if len(offered) == 1 or not has_presence:
            del self.fields["presence"]
        else:
            self.fields["presence"].choices = offered
        if not session.event.lists_participants:
            del self.fields["in_list"]
        if session.event.small_quota:
            self.fields[
                "commune"
            ].help_text += (
                f" Des places sont réservées aux communes de moins de {session.event.small_population} habitants."
            )
        self.fields |= {field_name(question): question_field(question) for question in self.asked}
        self.order_fields([*ORDER, *map(field_name, self.asked), "in_list"])

    def clean(self):
        cleaned = super().clean()
        for name in TEXTS:
            if name in cleaned:
                try:
                    cleaned[name] = check_header(cleaned[name], self.fields[name].label, self.fields[name].max_length)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def clean_needs(self) -> str:
        return check_body(self.cleaned_data["needs"], "Vos besoins")

    @property
    def questions(self) -> list[BoundField]:
        """The fields of the questions of the event, in order."""
        return [self[field_name(question)] for question in self.asked]

    def presence_asked(self) -> Presence:
        """How the person takes part: the only way, when there is only one."""
        return Presence(self.cleaned_data.get("presence") or self.session.presences[0])

    def person(self, email: str) -> Person:
        """Who comes, as services take it."""
        data = self.cleaned_data
        return Person(
            email=email,
            commune=data.get("commune"),
            needs=data["needs"],
            in_list=data.get("in_list", False),
            answers={str(question.uuid): data[field_name(question)] for question in self.asked},
            **{name: data[name] for name in TEXTS},
        )


def initial_of(registration: Registration) -> dict[str, Any]:
    """What a person said, as their form shows it."""
    said = {name: getattr(registration, name) for name in PersonForm.base_fields}
    asked = registration.session.event.questions.asked()
    given = registration.answers
    return said | {field_name(row): given[str(row.uuid)] for row in asked if str(row.uuid) in given}


class RegistrationForm(PersonForm, GuardedForm):
    """The whole form: the address is proved by a link that is mailed to it."""

    salt = "agenda.registration"
    what = "le formulaire"

    email = AddressField(
        label="Votre adresse électronique",
        help_text="Format attendu : nom@domaine.fr. Un lien y est envoyé pour confirmer l’inscription.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique, par exemple nom@domaine.fr."},
    )


class TransferForm(forms.Form):
    """To whom a place is proposed."""

    email = AddressField(
        label="Adresse électronique de la personne qui vient à votre place",
        help_text="Format attendu : nom@domaine.fr. Cette adresse ne sert qu’à lui proposer votre place.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": "Indiquez l’adresse de cette personne, par exemple nom@domaine.fr."},
    )


class FindForm(GuardedForm):
    """The address to which the links of registrations are sent again."""

    salt = "agenda.registration-find"
    what = "le formulaire"

    email = AddressField(
        label="Votre adresse électronique",
        help_text="Celle que vous avez donnée en vous inscrivant. Format attendu : nom@domaine.fr.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique, par exemple nom@domaine.fr."},
    )


def verb_choices(*verbs: str) -> forms.ChoiceField:
    """One of the buttons of a page."""
    return forms.ChoiceField(choices=[(verb, verb) for verb in verbs])


class VerbForm(forms.Form):
    """What the page of a registration can do, one button each."""

    verb = verb_choices("annuler", "accepter", "revenir", "reprendre", "sortir", "figurer")


class ProposalForm(forms.Form):
    """What the recipient of a place can do, one button each."""

    verb = verb_choices("accepter", "decliner")
