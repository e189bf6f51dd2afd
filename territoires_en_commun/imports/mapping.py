"""Which header of a file gives which column of a kind: guessed from the names, and remembered."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

from django.utils import timezone

from territoires_en_commun.imports.kinds import Column, ImportKind
from territoires_en_commun.imports.models import ColumnMapping

# What an error file adds to the columns of the file it comes from.
LINE_HEADER = "Ligne d’origine"
CAUSE_HEADER = "Cause du refus"


def folded(header: str) -> str:
    """A header without case, accents nor punctuation."""
    text = unicodedata.normalize("NFKD", header.casefold().replace("œ", "oe"))
    return "".join(c for c in text if c.isalnum())


def fingerprint_of(header: Sequence[str]) -> str:
    """The same for files that have the same columns, in any order; an error file keeps that of its origin."""
    added = {folded(LINE_HEADER), folded(CAUSE_HEADER)}
    names = sorted({folded(name) for name in header} - added)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def remembered(kind: ImportKind, header: Sequence[str]) -> ColumnMapping | None:
    """What these columns meant the last time."""
    return ColumnMapping.objects.filter(kind=kind.name, headers=fingerprint_of(header)).first()


def proposed_mapping(kind: ImportKind, header: Sequence[str]) -> dict[str, str]:
    """Header by column name: what was chosen the last time, else what the names say."""
    if known := remembered(kind, header):
        return {column: name for column, name in known.mapping.items() if name in header}
    free = {folded(name): name for name in reversed(header)}
    mapping = {}
    for column in kind.columns:
        for alias in (column.label, column.name, *column.aliases):
            if name := free.pop(folded(alias), ""):
                mapping[column.name] = name
                break
    return mapping


def remember(kind: ImportKind, header: Sequence[str], *, mapping: Mapping[str, str], encoding: str) -> None:
    """Keep what the columns mean for the next file that has them."""
    ColumnMapping.objects.update_or_create(
        kind=kind.name,
        headers=fingerprint_of(header),
        defaults={"mapping": dict(mapping), "encoding": encoding, "used_at": timezone.now()},
    )


def mapping_problems(kind: ImportKind, mapping: Mapping[str, str]) -> list[str]:
    """Why the columns chosen are not enough, in French."""
    missing = [column.label for column in kind.columns if column.required and column.name not in mapping]
    problems = [f"Dites quelle colonne donne : {', '.join(missing)}."] if missing else []
    seen: dict[str, Column] = {}
    for column in kind.columns:
        header = mapping.get(column.name, "")
        if header and header in seen:
            problems.append(f"« {header} » est choisie deux fois : {seen[header].label}, {column.label}.")
        seen[header] = column
    return problems + kind.mapping_problems(set(mapping))
