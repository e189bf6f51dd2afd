"""The form behind a query string: what is wrong is said and left aside, what is right is kept."""

import re
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

MAX_UNKNOWN_NAMED = 3
NO_BREAK_SPACES = "\u00a0\u202f"
TRACKING = re.compile(r"^(utm|mtm|pk|at|xt)[_a-z]*$|^(fbclid|gclid|msclkid)$")


@dataclass(frozen=True)
class IgnoredParameter:
    """A parameter that was left aside, and why, in French."""

    parameter: str
    message: str


def shown(text: str, length: int = 60) -> str:
    """A hostile value made fit to be quoted on a page: printable, and short."""
    printable = "".join(c if c.isprintable() or c in NO_BREAK_SPACES else "�" for c in text[: length + 1])
    return printable if len(printable) <= length else f"{printable[:length]}…"


class ReadableCharField(forms.CharField):
    """A text that came through the network unharmed."""

    def clean(self, value):
        text = super().clean(value)
        if "�" in text:
            raise forms.ValidationError("elle contient des caractères illisibles")
        return text


class ValuesField(forms.Field):
    """Several values among known ones; ``aliases`` leads an old value to the one that took over."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, known: set[str], aliases: dict[str, str] | None = None, **kwargs):
        super().__init__(required=False, **kwargs)
        self.known = known
        self.aliases = aliases or {}

    def resolve(self, value: str) -> str | None:
        """The known value meant by ``value``, or None."""
        value = self.aliases.get(value, value)
        return value if value in self.known else None

    def clean(self, value):
        resolved = (self.resolve(item) for item in value or [])
        return list(dict.fromkeys(item for item in resolved if item is not None))

    def unknown(self, values: list[str]) -> list[str]:
        """The values given that mean nothing here."""
        return [value for value in values if value and self.resolve(value) is None]


class PageNumberField(forms.IntegerField):
    """A page number; what is out of the real range is settled by the listing."""

    def __init__(self):
        super().__init__(
            required=False,
            min_value=1,
            error_messages={
                "invalid": "ce n'est pas un numéro de page",
                "min_value": "la première page est la page 1",
            },
        )


class ListingForm(forms.Form):
    """The parameters of one listing. Never refused as a whole: see ``ignored``."""

    def __init__(self, data: QueryDict, fields: dict[str, forms.Field]):
        super().__init__(data)
        self.fields.update(fields)
        self.full_clean()

    @property
    def kept(self) -> dict:
        """Cleaned values of the parameters that are right and not empty; a box not ticked is empty."""
        return {
            n: value for n, value in self.cleaned_data.items() if value is not False and value not in (None, "", [])
        }

    @property
    def ignored(self) -> list[IgnoredParameter]:
        """What was left aside, in the order of the form, unknown parameters last."""
        found = []
        for name, field in self.fields.items():
            values = self.data.getlist(name)
            if isinstance(field, ValuesField):
                found += [
                    IgnoredParameter(name, f"la valeur « {shown(value)} » n'existe pas ici")
                    for value in dict.fromkeys(field.unknown(values))
                ][:MAX_UNKNOWN_NAMED]
            elif name in self.errors:
                reason = str(self.errors[name].as_data()[0].messages[0]).rstrip(" .")
                reason = reason[:1].lower() + reason[1:]
                found.append(IgnoredParameter(name, f"la valeur « {shown(values[-1])} » est refusée : {reason}"))
            elif len(values) > 1:
                found.append(IgnoredParameter(name, "il est donné plusieurs fois ; seule la dernière valeur compte"))
        return found + self._unknown_parameters()

    def _unknown_parameters(self) -> list[IgnoredParameter]:
        names = [name for name in self.data if name not in self.fields and not TRACKING.match(name)]
        found = [IgnoredParameter(shown(name, 40), "il n'existe pas ici") for name in names[:MAX_UNKNOWN_NAMED]]
        if len(names) > MAX_UNKNOWN_NAMED:
            found.append(IgnoredParameter("…", f"{len(names) - MAX_UNKNOWN_NAMED} autres n'existent pas ici"))
        return found
