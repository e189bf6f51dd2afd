"""The steps and the indicators of an experience, written one after the other in a cell."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ressources.experience_rules import NO_SOURCE
from ressources.imports.values import decimal_of, is_empty, is_unknown, when
from ressources.models import ExperienceIndicator, ExperienceStep
from territoires_en_commun.base.page_imports.values import Notes, read_url
from territoires_en_commun.base.typography import typeset

DASH = r"\s+[-–—]\s+"
STEP = re.compile(rf"(?P<when>.+?)(?:\s*:\s*|{DASH})(?P<told>\S.*)")
INDICATOR = re.compile(
    r"(?P<label>[^=]*[^=\s])\s*=\s*(?P<value>[-+\u2212]?(?:\d{1,3}(?:\s\d{3})+|\d+)(?:[.,]\d+)*)\s*"
    r"(?P<unit>(?:[^\W\d]|[%€°‰])[^()]*?)?\s*(?:\((?P<details>.*)\))?"
)
DATE_LIKE = re.compile(r"\d{1,4}([/.-]\d{1,4}){1,2}")
RANGE = re.compile(r"(?:à|ou|et)\s+\d.*")
DOMAINS = "fr|com|org|net|eu|info|coop|io|bzh|paris|re|nc|pf"
ADDRESS = re.compile(rf"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:{DOMAINS})(?:/\S*)?", re.IGNORECASE)
MAX_STEPS, MAX_INDICATORS = 30, 20  # as in the editor
STEP_FORM = "Écrivez « 12/03/2024 : Titre » ou « 2024-03 : Titre »."
INDICATOR_FORM = (
    "Écrivez « libellé = valeur unité (source, date) », comme « habitants = 120 personnes (mairie, 06/2024) »."
)


class Source(NamedTuple):
    """Where a figure comes from: words, an address, or both."""

    words: str = ""
    url: str = ""


class Unreadable(ValueError):  # noqa: N818 - it reads as what happened
    """A row that can't be read; the message says why, in French."""


def read_rows(notes: Notes, column: str, text: str, limit: int, read: Callable[[str], Any]) -> list[Any]:
    """The rows of a cell; each one that can't be read is refused with its cause."""
    if is_unknown(text):
        notes.warn(column, f"« {text} » : cette cellule est lue comme vide.")
    if is_unknown(text) or is_empty(notes, column, text):
        return []
    parts = [" ".join(part.split()).lstrip("-–—•* ") for part in re.split(r"[|\n]", text)]
    parts = [part for part in parts if part]
    if len(parts) > limit:
        notes.refuse(column, f"Il y en a {len(parts)} : la limite est de {limit}.")
        return []
    rows = []
    for part in parts:
        try:
            rows.append(read(part))
        except Unreadable as error:
            notes.refuse(column, f"« {shortened(part)} » : {error}")
    return rows


def read_steps(notes: Notes, text: str) -> list[ExperienceStep]:
    """« 12/03/2024 : Titre – ce qui s’est passé », in the order of the cell."""
    return read_rows(notes, "steps", text, MAX_STEPS, step_of)


def step_of(text: str) -> ExperienceStep:
    """One step."""
    match = STEP.fullmatch(text)
    if match is None:
        raise Unreadable(f"il manque une date ou un titre. {STEP_FORM}")
    found = when(match["when"])
    if found is None:
        raise Unreadable(f"« {match['when']} » n’est ni un jour ni un mois. {STEP_FORM}")
    title, *told = re.split(DASH, match["told"], maxsplit=1)
    title, told = fitting("le titre", typeset(title), 150), fitting("le texte", typeset("".join(told)), 1000)
    return ExperienceStep(date=found.date, month_only=found.month_only, title=title, text=told)


def read_indicators(notes: Notes, text: str, source: Source) -> list[ExperienceIndicator]:
    """« libellé = valeur unité (source, date) »; ``source`` is that of the row, for those that tell none."""
    found = read_rows(notes, "indicators", text, MAX_INDICATORS, lambda part: indicator_of(notes, part))
    for indicator in found:
        if not indicator.is_sourced:
            indicator.source, indicator.source_url = source
        if not indicator.is_sourced:
            notes.warn("indicators", NO_SOURCE.format(label=indicator.label))
    return found


def indicator_of(notes: Notes, text: str) -> ExperienceIndicator:
    """One indicator."""
    match = INDICATOR.fullmatch(text)
    unit, details = (match["unit"] or "", match["details"] or "") if match else ("", "")
    if match is None or RANGE.fullmatch(unit) or details.partition(")")[0].count("(") < details.count(")"):
        raise Unreadable(INDICATOR_FORM)
    value = decimal_of(match["value"], max_digits=14)
    if value is None:
        raise Unreadable(
            f"« {match['value'].strip()} » n’est pas un nombre à deux décimales au plus, comme 1 250 ou 12,5."
        )
    unit = fitting("l’unité", typeset(unit.strip()), 40)
    if not unit:
        raise Unreadable("il manque l’unité, comme « personnes » ou « % ».")
    parts = [part.strip() for part in details.split(",")]
    found = when(parts[-1]) if parts[-1] else None
    if found:
        parts.pop()
    elif DATE_LIKE.fullmatch(parts[-1]):
        raise Unreadable(f"« {parts[-1]} » n’est ni un jour ni un mois, comme 12/03/2024 ou 03/2024.")
    source = source_of(notes, "indicators", parts)
    label = fitting("le libellé", typeset(match["label"].strip()), 150)
    day = found.end if found else None
    return ExperienceIndicator(
        label=label, value=value, unit=unit, date=day, source=source.words, source_url=source.url
    )


def read_source(notes: Notes, text: str) -> Source:
    """The source of a row: words, an address, or both separated by a comma or a bar."""
    try:
        return source_of(notes, "source", [part.strip() for part in re.split(r"[|\n,;]", text)])
    except Unreadable as error:
        notes.refuse("source", f"« {shortened(text)} » : {error}")
        return Source()


def source_of(notes: Notes, column: str, parts: Sequence[str]) -> Source:
    """Words and an address among the parts of a text; « https:// » is proposed to an address that lacks it."""
    addresses = [part for part in parts if ADDRESS.fullmatch(part)]
    if len(addresses) > 1:
        raise Unreadable("un indicateur a une seule adresse de source.")
    words = ", ".join(part for part in parts if part and part not in addresses)
    url = read_url(notes, column, addresses[0]) if addresses else ""
    return Source(fitting("la source", typeset(words), 200), url)


def fitting(what: str, text: str, limit: int) -> str:
    """A text that its field holds."""
    if len(text) > limit:
        raise Unreadable(f"{what} a {len(text)} caractères : la limite est de {limit}.")
    return text


def shortened(text: str) -> str:
    """The beginning of a text, to find it in its cell."""
    return f"{text[:80].rstrip()}…" if len(text) > 80 else text
