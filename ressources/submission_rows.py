"""Rows of a few fields in a form without script: the steps of an experience, its indicators."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from ressources.submission_fields import DATE_FORMAT, AmountField, DayOrMonthField
from territoires_en_commun.base.text_fields import LineField, TextField


@dataclass(frozen=True)
class Part:
    """A field of each row: how it is made from the name of its row, and what is said when only it is missing."""

    name: str
    make: Callable[[str], forms.Field]
    missing: str = ""


@dataclass(frozen=True)
class Rows:
    """``count`` rows of the same parts; a row with nothing in it is left out."""

    prefix: str
    title: str
    count: int
    parts: tuple[Part, ...]

    def row_title(self, number: int) -> str:
        """« Étape 2 »."""
        return f"{self.title} {number}"

    def names(self, number: int) -> list[str]:
        """The names of the fields of a row, which starts at 1."""
        return [f"{self.prefix}_{number}_{part.name}" for part in self.parts]

    @property
    def numbers(self) -> range:
        """The rows."""
        return range(1, self.count + 1)

    def fields(self) -> dict[str, forms.Field]:
        """Every field of every row."""
        return {
            name: part.make(self.row_title(number))
            for number in self.numbers
            for name, part in zip(self.names(number), self.parts, strict=True)
        }

    def values(self, cleaned: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The rows that are filled, by part."""
        for number in self.numbers:
            values = [cleaned.get(name) for name in self.names(number)]
            if any(value not in (None, "") for value in values):
                yield {part.name: value for part, value in zip(self.parts, values, strict=True)}

    def missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The fields that the rows begun lack, each with a sentence."""
        for number in self.numbers:
            names = self.names(number)
            if all(cleaned.get(name) in (None, "") for name in names if name in cleaned):
                continue
            for name, part in zip(names, self.parts, strict=True):
                if part.missing and name in cleaned and cleaned[name] in (None, ""):
                    yield name, f"{self.row_title(number)} : {part.missing}"


STEPS = Rows(
    "etape",
    "Étape",
    6,
    (
        Part(
            "date",
            lambda row: DayOrMonthField(label=f"{row} : date", required=False),
            f"indiquez sa date, {DATE_FORMAT}.",
        ),
        Part(
            "title",
            lambda row: LineField(label=f"{row} : titre", required=False, max_length=150),
            "donnez-lui un titre, par exemple « Première réunion publique ».",
        ),
        Part(
            "text",
            lambda row: TextField(label=f"{row} : ce qui s’est passé", required=False, max_length=1000, rows=3),
        ),
    ),
)
INDICATORS = Rows(
    "indicateur",
    "Indicateur",
    4,
    (
        Part(
            "label",
            lambda row: LineField(
                label=f"{row} : ce que l’on mesure",
                help_text="Par exemple : habitants venus aux ateliers.",
                required=False,
                max_length=150,
            ),
            "dites ce que l’on mesure, par exemple « habitants venus aux ateliers ».",
        ),
        Part(
            "value",
            lambda row: AmountField(label=f"{row} : valeur", required=False, max_digits=14, example="1 250 ou 12,5"),
            "indiquez sa valeur en chiffres, par exemple 1 250 ou 12,5.",
        ),
        Part(
            "unit",
            lambda row: LineField(
                label=f"{row} : unité",
                help_text="Par exemple : personnes, %, kWh par an.",
                required=False,
                max_length=40,
            ),
            "indiquez son unité, par exemple « personnes » ou « % ».",
        ),
        Part("date", lambda row: DayOrMonthField(label=f"{row} : date de la mesure", required=False)),
        Part(
            "source",
            lambda row: LineField(
                label=f"{row} : source",
                help_text="Qui a mesuré, ou dans quel document. Sans source, les lecteurs en sont prévenus.",
                required=False,
                max_length=200,
            ),
        ),
    ),
)
