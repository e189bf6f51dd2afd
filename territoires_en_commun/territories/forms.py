"""What people type to name a territory: the query of the API and of the page of candidates, and the form field."""

import unicodedata
from dataclasses import dataclass, field

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse_lazy
from django.utils.functional import cached_property

from territoires_en_commun.shared_reads import read_once

from .models import Territory
from .search import ANSWERED, MAX_QUERY_LENGTH, MAX_RESULTS, TerritoryHit, search_territories

LABEL_SEPARATOR = " – "
MAX_CANDIDATES = 10


def hostile_character(text: str) -> str:
    """What makes a text unreadable, in French, or an empty string."""
    if "�" in text:
        return "contient des octets qui ne sont pas de l’UTF-8"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        return "contient des caractères de contrôle"
    return ""


class QueryField(forms.CharField):
    """A text of at most 200 characters, without control characters nor bytes that are not UTF-8."""

    default_error_messages = {
        "required": "Tapez le nom ou le code d’un territoire.",
        "unreadable": "Le texte %(problem)s.",
        "too_long": f"Le texte dépasse {MAX_QUERY_LENGTH} caractères.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "maxlength": MAX_QUERY_LENGTH}))
        super().__init__(**kwargs)
        # Our own checks come first and in French: Django's would speak of null characters only.
        self.validators = []

    def to_python(self, value) -> str:
        text = str(value) if value is not None else ""
        if len(text) > MAX_QUERY_LENGTH:
            raise forms.ValidationError(self.error_messages["too_long"], code="too_long")
        if problem := hostile_character(text):
            raise forms.ValidationError(
                self.error_messages["unreadable"], code="unreadable", params={"problem": problem}
            )
        return super().to_python(text)


class TypesField(forms.CharField):
    """Types of territory separated by commas."""

    def to_python(self, value) -> list[str]:
        text = super().to_python(value)
        types = [part.strip() for part in text.split(",")] if text else []
        unknown = [part for part in types if part not in ANSWERED]
        if unknown:
            raise forms.ValidationError(
                f"Le paramètre « type » n’accepte que : {', '.join(ANSWERED)}.", code="unknown_type"
            )
        return types


class StrictForm(forms.Form):
    """Parameters of the API, strictly: each once, none unknown."""

    def first_error(self) -> dict[str, str]:
        """The first thing to correct, as the API says it."""
        for name in self.data:
            if name not in self.fields:
                readable = "".join(character if character.isprintable() else "�" for character in name[:40])
                return {"detail": f"Le paramètre « {readable} » n’existe pas.", "parametre": readable}
            if len(self.data.getlist(name)) > 1:
                return {"detail": f"Le paramètre « {name} » est donné plusieurs fois.", "parametre": name}
        name, errors = next(iter(self.errors.items()))
        return {"detail": errors[0], "parametre": name}

    def is_valid(self) -> bool:
        strict = all(name in self.fields and len(self.data.getlist(name)) == 1 for name in self.data)
        return super().is_valid() and strict


class ApiSearchForm(StrictForm):
    """The parameters of the search of territories."""

    q = QueryField(
        error_messages={
            "required": "Le paramètre « q » est obligatoire : le nom ou le code d’un territoire.",
            "unreadable": "Le paramètre « q » %(problem)s.",
            "too_long": f"Le paramètre « q » dépasse {MAX_QUERY_LENGTH} caractères.",
        }
    )
    limite = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_RESULTS,
        error_messages={
            "invalid": "Le paramètre « limite » doit être un nombre entier.",
            "min_value": f"Le paramètre « limite » va de 1 à {MAX_RESULTS}.",
            "max_value": f"Le paramètre « limite » va de 1 à {MAX_RESULTS}.",
        },
    )
    type = TypesField(required=False)

    def clean_limite(self):
        limit = self.cleaned_data["limite"]
        if limit is None and "limite" in self.data:
            raise forms.ValidationError(self.fields["limite"].error_messages["invalid"], code="invalid")
        return limit


class CandidatesForm(forms.Form):
    """The search of the page of candidates."""

    q = QueryField(label="Nom, code postal, code INSEE ou SIREN")


@dataclass(frozen=True)
class Resolution:
    """What a text names: one territory for sure, or candidates, best first."""

    hit: TerritoryHit | None = None
    candidates: list[TerritoryHit] = field(default_factory=list)


def label_of(name: str, precision: str) -> str:
    """« Nantes – Loire-Atlantique (44) »: how the field shows a chosen territory."""
    return f"{name}{LABEL_SEPARATOR}{precision}" if precision else name


def resolve(text: str, types: frozenset[str] | None = None) -> Resolution:
    """The territory that a text names, when a single one has exactly this name, this code or this label."""
    name, separator, _precision = text.partition(LABEL_SEPARATOR)
    if separator:
        labelled = [
            hit
            for hit in search_territories(name, limit=MAX_RESULTS, types=types)
            if label_of(hit.name, hit.precision) == text
        ]
        if len(labelled) == 1:
            return Resolution(labelled[0], labelled)
    hits = search_territories(text, limit=MAX_CANDIDATES, types=types)
    exact = [hit for hit in hits if hit.exact]
    return Resolution(exact[0] if len(exact) == 1 else None, hits)


class TerritoryInput(forms.TextInput):
    """A text input that the script ``territory-combobox.js`` turns into an accessible combobox.

    Pages that show it add ``{{ form.media }}`` to their block ``scripts``. With the script, the chosen territory's
    key is sent; without it, what was typed is.
    """

    template_name = "territories/territory_input.html"

    class Media:
        js = [forms.Script("js/territory-combobox.js", type="module")]

    def __init__(self, attrs=None, types: frozenset[str] | None = None):
        super().__init__(attrs)
        self.types = types

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        territory = chosen_territory(value)
        widget = context["widget"]
        widget["value"] = label_of(territory.name, territory.precision) if territory else widget["value"]
        widget["attrs"] |= {
            "autocomplete": "off",
            "data-territory-combobox": "choose",
            "data-territory-url": str(reverse_lazy("api:territories")),
            "data-territory-types": ",".join(sorted(self.types or ())),
            "data-territory-key": territory.key if territory else "",
        }
        return context


def chosen_territory(value) -> Territory | None:
    """The territory of a key (or the territory itself), as it is today; None for anything else."""
    if isinstance(value, Territory):
        return value.current
    key = str(value or "")
    return read_once(("territory", key), lambda: _territory_of_today(key))


def _territory_of_today(key: str) -> Territory | None:
    try:
        return Territory.objects.select_related("replaced_by", "commune").get_by_key(key).current
    except (Territory.DoesNotExist, ValueError):
        return None


class TerritoryBoundField(BoundField):
    """Adds the candidates of an ambiguous text, for ``components/territory_field.html``."""

    @cached_property
    def candidates(self) -> list[TerritoryHit]:
        """The territories to choose from when the text sent names none for sure."""
        if not self.errors or not self.form.is_bound:
            return []
        text = self.data if isinstance(self.data, str) else ""
        if len(text) > MAX_QUERY_LENGTH or hostile_character(text):
            return []
        return resolve(text.strip(), self.field.types).candidates


class TerritoryField(forms.Field):
    """A territory: cleans to a ``Territory`` of today, or None when the field is empty and not required.

    Accepts a key (``commune:33063``, that of a former commune gives today's), the label that the field shows
    (« Bordeaux – Gironde (33) ») and, for who has no script, any text that names exactly one territory: a code, or a
    name that a single territory bears (« saint-denis (93) »). Any other text is refused with the code ``ambiguous``
    or ``unknown``; shown through ``components/territory_field.html``, the field then offers the candidates as radio
    buttons of the same name. ``types`` restricts to some types of territory.
    """

    default_error_messages = {
        "required": "Indiquez un territoire : son nom, son code postal ou son code INSEE.",
        "unknown": "Aucun territoire ne porte ce nom ni ce code ; vérifiez l’orthographe.",
        "ambiguous": "Plusieurs territoires correspondent à ce texte ; choisissez dans la liste.",
        "unreadable": "Le texte %(problem)s.",
        "too_long": f"Le texte dépasse {MAX_QUERY_LENGTH} caractères.",
    }

    def __init__(self, *, types=None, **kwargs):
        self.types = frozenset(types) if types is not None else None
        kwargs.setdefault("widget", TerritoryInput(types=self.types))
        super().__init__(**kwargs)

    def get_bound_field(self, form, field_name):
        return TerritoryBoundField(form, self, field_name)

    def to_python(self, value) -> Territory | None:
        if isinstance(value, Territory):
            return value.current
        text = str(value or "")
        if len(text) > MAX_QUERY_LENGTH:
            raise forms.ValidationError(self.error_messages["too_long"], code="too_long")
        if problem := hostile_character(text):
            raise forms.ValidationError(
                self.error_messages["unreadable"], code="unreadable", params={"problem": problem}
            )
        text = text.strip()
        return self._named(text) if text else None

    def _named(self, text: str) -> Territory:
        if (territory := chosen_territory(text)) and (self.types is None or territory.type in self.types):
            return territory
        resolution = resolve(text, self.types)
        if resolution.hit is None:
            code = "ambiguous" if resolution.candidates else "unknown"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return Territory.objects.get_by_key(resolution.hit.id)

    def prepare_value(self, value):
        return value.key if isinstance(value, Territory) else value

    def has_changed(self, initial, data) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")
