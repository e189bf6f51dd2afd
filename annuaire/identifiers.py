"""SIREN, SIRET and RNA numbers: how people write them, and what makes them true (INSEE, JOAFE)."""

import re

from django.core.exceptions import ValidationError
from stdnum.fr import siren as siren_rules
from stdnum.fr import siret as siret_rules

SIREN_DIGITS = 9
SIRET_DIGITS = 14
RNA = re.compile(r"W[0-9A-Z]\d{8}")


def compact(number: str) -> str:
    """A number without the spaces, dots and hyphens that people put in it."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", number).upper()


def validate_siren(number: str) -> None:
    """Raise ValidationError unless the text is nine digits with a true check digit (Luhn)."""
    if not (number.isascii() and number.isdigit() and len(number) == SIREN_DIGITS):
        raise ValidationError("Un SIREN a neuf chiffres.")
    if not siren_rules.is_valid(number):
        raise ValidationError("Ce SIREN n’existe pas : sa clé de contrôle est fausse, vérifiez les chiffres.")


def validate_siret(number: str) -> None:
    """Raise ValidationError unless the text is a true SIRET; those of La Poste have their own check (sum by 5)."""
    if not (number.isascii() and number.isdigit() and len(number) == SIRET_DIGITS):
        raise ValidationError("Un SIRET a quatorze chiffres.")
    if not siret_rules.is_valid(number):
        raise ValidationError("Ce SIRET n’existe pas : sa clé de contrôle est fausse, vérifiez les chiffres.")


def validate_rna(number: str) -> None:
    """Raise ValidationError unless the text looks like a number of the national directory of associations."""
    if not RNA.fullmatch(number):
        raise ValidationError("Un numéro RNA est un W suivi de neuf caractères, comme W751234567.")


def grouped(number: str) -> str:
    """« 200 054 781 » or « 200 054 781 00012 », with no-break spaces; empty for an empty number."""
    parts = [number[:3], number[3:6], number[6:9], number[9:]]
    return "\u00a0".join(part for part in parts if part)
